import type { Migration } from '../migrate.ts'

/** Lists tell how many there are without counting. What makes the count is outside of any conflict clause of ours, so it is two statements. */
export const countsMigration: Migration = {
  number: 6,
  name: 'how many agents there are, agents by type',
  sql: `
    create table agent_count (
      tenant_id text not null,
      deleted integer not null,
      n integer not null,
      primary key (tenant_id, deleted)
    );
    insert into agent_count select tenant_id, deleted_at is not null, count(*) from agent group by 1, 2;

    create trigger agent_counted after insert on agent
    begin
      insert or ignore into agent_count values (new.tenant_id, new.deleted_at is not null, 0);
      update agent_count set n = n + 1 where tenant_id = new.tenant_id and deleted = (new.deleted_at is not null);
    end;
    create trigger agent_uncounted after delete on agent
    begin
      update agent_count set n = n - 1 where tenant_id = old.tenant_id and deleted = (old.deleted_at is not null);
    end;
    create trigger agent_recounted after update of deleted_at on agent
    when (old.deleted_at is null) <> (new.deleted_at is null)
    begin
      insert or ignore into agent_count values (new.tenant_id, new.deleted_at is not null, 0);
      update agent_count set n = n - 1 where tenant_id = old.tenant_id and deleted = (old.deleted_at is not null);
      update agent_count set n = n + 1 where tenant_id = new.tenant_id and deleted = (new.deleted_at is not null);
    end;

    create index agent_by_type on agent (tenant_id, agent_type, name_key, agent_id) where deleted_at is null;
  `,
}
