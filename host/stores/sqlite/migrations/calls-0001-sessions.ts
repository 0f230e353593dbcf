import type { Migration } from '../migrate.ts'

/** `turn` and `utterance` follow from the journal and are kept for lists, figures and the search; the journal is the truth. */
export const sessionsMigration: Migration = {
  number: 1,
  name: 'sessions, turns, journal, search',
  sql: `
    create table session (
      session_id text primary key,
      tenant_id text not null,
      user_id text not null,
      kind text not null,
      modality text not null,
      agent_id text not null,
      agent_name text not null,
      revision integer not null,
      state text not null,
      attempt integer not null,
      last_seq integer not null default 0,
      input text not null,
      started_at integer not null,
      ended_at integer,
      end_reason text,
      turn_count integer not null default 0,
      silence_p50_ms real,
      error text,
      preview text not null default '',
      deleted_at integer
    ) without rowid;
    create index session_newest on session (tenant_id, started_at desc, session_id desc) where deleted_at is null;
    create index session_agent on session (tenant_id, agent_id, started_at desc, session_id desc) where deleted_at is null;
    create index session_unended on session (state) where state <> 'ended';
    create index session_deleted on session (deleted_at) where deleted_at is not null;

    create table journal (
      session_id text not null references session (session_id) on delete cascade,
      attempt integer not null,
      seq integer not null,
      at integer not null,
      type text not null,
      body text not null,
      primary key (session_id, attempt, seq)
    ) without rowid;
    create trigger journal_append_only before update on journal
    begin
      select raise(abort, 'the journal is append-only');
    end;

    create table turn (
      turn_id text primary key,
      session_id text not null references session (session_id) on delete cascade,
      turn_index integer not null,
      attempt integer not null,
      source text not null,
      revision integer not null,
      state text not null,
      started_at integer not null,
      heard text,
      raw text,
      output text,
      parse text,
      spoken text,
      interrupted integer not null default 0,
      times text,
      metrics text,
      usage text,
      silence_ms real
    ) without rowid;
    create index turn_session on turn (session_id, attempt, turn_index);

    create table utterance (
      id integer primary key,
      session_id text not null references session (session_id) on delete cascade,
      text text not null
    );
    create index utterance_session on utterance (session_id);
    create virtual table utterance_search using fts5 (
      text, content = 'utterance', content_rowid = 'id', tokenize = "unicode61 remove_diacritics 2", prefix = '2 3'
    );
    create trigger utterance_added after insert on utterance
    begin
      insert into utterance_search (rowid, text) values (new.id, new.text);
    end;
    create trigger utterance_removed after delete on utterance
    begin
      insert into utterance_search (utterance_search, rowid, text) values ('delete', old.id, old.text);
    end;
  `,
}
