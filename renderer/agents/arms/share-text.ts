const percent = new Intl.NumberFormat(undefined, { style: 'percent', maximumFractionDigits: 1 })

export const shareText = (share: number): string => percent.format(share)
