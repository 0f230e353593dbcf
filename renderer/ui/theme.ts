import { createTheme, defaultVariantColorsResolver, type CSSVariablesResolver } from '@mantine/core'

/** Mantine in the studio's density; all colour comes from `tokens.css`. */
export const theme = createTheme({
  primaryColor: 'green',
  colors: {
    // Mantine's own dark greys, replaced by the tokens' ones; text first, deepest ground last.
    dark: ['#e6e9ec', '#c3cad0', '#a3adb6', '#929da7', '#2b3137', '#262c32', '#1f2429', '#1a1e22', '#14171a', '#0f1113'],
  },
  variantColorResolver: (input) => {
    const colors = defaultVariantColorsResolver(input)
    return input.variant === 'filled' && (input.color ?? 'green') === 'green' ? { ...colors, color: 'var(--on-accent)' } : colors
  },
  fontFamily: 'var(--font-text)',
  fontFamilyMonospace: 'var(--font-mono)',
  fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 6,
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'compact-sm', variant: 'default' }, styles: { label: { fontWeight: 500 } } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'xs' } },
    Textarea: { defaultProps: { size: 'xs' } },
    NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } },
    Select: { defaultProps: { size: 'xs', checkIconPosition: 'right', allowDeselect: false } },
    Autocomplete: { defaultProps: { size: 'xs' } },
    SegmentedControl: { defaultProps: { size: 'xs', withItemsBorders: false } },
    Switch: { defaultProps: { size: 'xs' } },
    Checkbox: { defaultProps: { size: 'xs' } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
    Menu: { defaultProps: { shadow: 'md', width: 220 } },
    // A dialog's header is no banner of the page.
    Modal: {
      defaultProps: {
        centered: true,
        overlayProps: { backgroundOpacity: 0.5 },
        closeButtonProps: { 'aria-label': 'Close' },
        attributes: { header: { role: 'presentation' } },
      },
    },
    Drawer: { defaultProps: { attributes: { header: { role: 'presentation' } } } },
    Notification: { defaultProps: { closeButtonProps: { 'aria-label': 'Dismiss' } } },
  },
})

const shared = {
  '--mantine-color-body': 'var(--panel)',
  '--mantine-color-text': 'var(--text)',
  '--mantine-color-dimmed': 'var(--dim)',
  '--mantine-color-bright': 'var(--text)',
  '--mantine-color-placeholder': 'var(--faint)',
  '--mantine-color-error': 'var(--bad)',
  '--mantine-color-anchor': 'var(--accent-text)',
  '--mantine-color-default': 'var(--raise)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--text)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-disabled': 'var(--raise)',
  '--mantine-color-disabled-color': 'var(--faint)',
  '--mantine-color-disabled-border': 'var(--line)',
  '--mantine-color-gray-light-color': 'var(--dim)',
  '--mantine-color-gray-light-hover': 'var(--hover)',
  '--mantine-primary-color-filled': 'var(--accent)',
  '--mantine-primary-color-filled-hover': 'var(--accent)',
  '--mantine-primary-color-contrast': 'var(--on-accent)',
  '--mantine-primary-color-light': 'var(--accent-bg)',
  '--mantine-primary-color-light-hover': 'var(--accent-bg)',
  '--mantine-primary-color-light-color': 'var(--accent-text)',
  '--mantine-color-green-filled': 'var(--accent)',
  '--mantine-color-green-filled-hover': 'var(--accent)',
  '--mantine-color-green-light': 'var(--accent-bg)',
  '--mantine-color-green-light-color': 'var(--accent-text)',
  '--mantine-color-red-light': 'var(--bad-bg)',
  '--mantine-color-red-light-hover': 'var(--bad-bg)',
  '--mantine-color-red-light-color': 'var(--bad)',
}

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, dark: shared, light: shared })
