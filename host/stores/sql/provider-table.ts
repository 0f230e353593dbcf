import type { Selectable } from 'kysely'
import { PriceSnapshot, ProviderCheck, ProviderKind } from '../../../core/contract/providers.ts'
import { parseJson } from '../../../core/json.ts'
import type { OwnPrice, ProviderChange } from '../../../core/store/providers.ts'
import type { StudioDb, StudioSchema } from './studio-schema.ts'
import type { Write } from './write.ts'

export async function listPrices(db: StudioDb, tenant_id: string): Promise<readonly OwnPrice[]> {
  const rows = await db
    .selectFrom('price')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .orderBy('kind')
    .orderBy('provider')
    .orderBy('model')
    .execute()
  return rows.flatMap(readPrice)
}

export async function listChecks(db: StudioDb, tenant_id: string): Promise<readonly ProviderCheck[]> {
  const rows = await db
    .selectFrom('provider_check')
    .selectAll()
    .where('tenant_id', '=', tenant_id)
    .orderBy('at', 'desc')
    .execute()
  return rows.flatMap(readCheck)
}

export function commitProviderChange(write: Write, change: ProviderChange): Promise<void> {
  switch (change.kind) {
    case 'price.set':
      return setPrice(write, change)
    case 'check.keep':
      return keepCheck(write, change.check)
  }
}

async function setPrice({ db, scope }: Write, { of, price }: Extract<ProviderChange, { kind: 'price.set' }>): Promise<void> {
  const { tenant_id } = scope
  const { kind, provider, model } = of
  await db
    .deleteFrom('price')
    .where('tenant_id', '=', tenant_id)
    .where('kind', '=', kind)
    .where('provider', '=', provider)
    .where('model', '=', model)
    .execute()
  if (price === null) return
  await db
    .insertInto('price')
    .values({ tenant_id, kind, provider, model, price: JSON.stringify(price) })
    .execute()
}

async function keepCheck({ db, scope }: Write, check: ProviderCheck): Promise<void> {
  const { kind, provider, model, base_url = '', at, ok } = check
  const row = { at, body: JSON.stringify(check), ...(ok && { passed_at: at }) }
  await db
    .insertInto('provider_check')
    .values({ tenant_id: scope.tenant_id, kind, provider, model, base_url, passed_at: null, ...row })
    .onConflict((conflict) => conflict.columns(['tenant_id', 'kind', 'provider', 'model', 'base_url']).doUpdateSet(row))
    .execute()
}

/** A row that damage or an older build has made unreadable must not hide the others. */
function readPrice({ kind, provider, model, price }: Selectable<StudioSchema['price']>): OwnPrice[] {
  const known = PriceSnapshot.safeParse(parseJson(price)).data
  const of = ProviderKind.safeParse(kind).data
  return known && of ? [{ kind: of, provider, model, price: known }] : []
}

function readCheck({ body, passed_at }: Selectable<StudioSchema['provider_check']>): ProviderCheck[] {
  const check = ProviderCheck.safeParse(parseJson(body)).data
  return check ? [{ ...check, ...(passed_at !== null && { passed_at }) }] : []
}
