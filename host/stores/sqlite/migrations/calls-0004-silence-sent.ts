import type { Migration } from '../migrate.ts'

/** Whether the median silence ends when the first sound left, because nobody told when it was heard (`UNTOLD_MS`). */
export const silenceSentMigration: Migration = {
  number: 4,
  name: 'silence until sent',
  sql: `
    alter table session add column silence_sent integer not null default 0;
    update session set silence_sent = 1 where silence_p50_ms is not null and exists (
      select 1 from turn where turn.session_id = session.session_id and silence_ms is not null
        and case when json_valid(times) then json_extract(times, '$.t6_uncertainty_ms') = 200 end
    );
  `,
}
