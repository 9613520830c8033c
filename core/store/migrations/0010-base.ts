import type { Migration } from '../migration.ts';

/** The published schema: docs/case-file.md explains it for people who open a case with their own SQLite tool. */
export const base: Migration = {
  version: 10,
  name: '0010-base',
  up(db) {
    db.exec(`
      CREATE TABLE file (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        bytes INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE evidence (
        id INTEGER PRIMARY KEY,
        file INTEGER NOT NULL REFERENCES file (id),
        path TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        bytes INTEGER NOT NULL,
        containers TEXT NOT NULL,
        format TEXT,
        encoding TEXT NOT NULL,
        event_count INTEGER NOT NULL,
        duplicates INTEGER NOT NULL,
        skipped INTEGER NOT NULL,
        malformed INTEGER NOT NULL,
        first_time INTEGER,
        last_time INTEGER,
        near_miss TEXT,
        limit_hit TEXT,
        rejected_members TEXT,
        warnings TEXT NOT NULL,
        gaps TEXT NOT NULL,
        server TEXT,
        cluster TEXT,
        label TEXT
      ) STRICT;

      CREATE TABLE block (
        id INTEGER PRIMARY KEY,
        evidence INTEGER NOT NULL REFERENCES evidence (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        shape TEXT NOT NULL,
        first_event INTEGER NOT NULL,
        sha256 BLOB NOT NULL,
        data BLOB NOT NULL
      ) STRICT;

      CREATE TABLE term (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
      CREATE TABLE actor (id INTEGER PRIMARY KEY, user INTEGER, groups INTEGER, impersonated_user INTEGER) STRICT;
      CREATE TABLE operation (id INTEGER PRIMARY KEY, verb INTEGER, api_group INTEGER, resource INTEGER, subresource INTEGER) STRICT;
      CREATE TABLE answer (id INTEGER PRIMARY KEY, stage INTEGER, level INTEGER, code INTEGER, decision INTEGER) STRICT;
      CREATE TABLE reading (
        id INTEGER PRIMARY KEY, form TEXT NOT NULL, inner INTEGER, format INTEGER, flags INTEGER NOT NULL, server INTEGER, cluster INTEGER
      ) STRICT;

      CREATE TABLE event (
        id INTEGER PRIMARY KEY,
        block INTEGER NOT NULL REFERENCES block (id),
        start INTEGER NOT NULL,
        length INTEGER NOT NULL,
        time INTEGER,
        elapsed INTEGER NOT NULL,
        audit_id ANY NOT NULL,
        actor INTEGER NOT NULL REFERENCES actor (id),
        address INTEGER REFERENCES term (id),
        agent INTEGER REFERENCES term (id),
        operation INTEGER NOT NULL REFERENCES operation (id),
        namespace INTEGER REFERENCES term (id),
        name INTEGER REFERENCES term (id),
        answer INTEGER NOT NULL REFERENCES answer (id),
        reading INTEGER NOT NULL REFERENCES reading (id)
      ) STRICT;
      CREATE INDEX event_time ON event (time);
      CREATE TABLE event_chunk (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, columns BLOB NOT NULL) STRICT;

      CREATE TABLE copy (
        id INTEGER PRIMARY KEY,
        event INTEGER NOT NULL REFERENCES event (id),
        evidence INTEGER NOT NULL REFERENCES evidence (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        block INTEGER REFERENCES block (id),
        reading INTEGER NOT NULL REFERENCES reading (id),
        is_equal INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX copy_event ON copy (event);
      CREATE TABLE moved (event INTEGER PRIMARY KEY REFERENCES event (id), block INTEGER NOT NULL, start INTEGER NOT NULL) STRICT;
      CREATE TABLE conflict (event INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (event, other)) STRICT, WITHOUT ROWID;

      CREATE TABLE rejected (
        id INTEGER PRIMARY KEY,
        evidence INTEGER NOT NULL REFERENCES evidence (id),
        offset INTEGER NOT NULL,
        length INTEGER NOT NULL,
        kind TEXT NOT NULL,
        reason TEXT NOT NULL,
        audit_id TEXT,
        block INTEGER REFERENCES block (id),
        count INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE run_rule (
        run INTEGER NOT NULL,
        position INTEGER NOT NULL,
        rule_id TEXT NOT NULL,
        path TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        text TEXT NOT NULL,
        PRIMARY KEY (run, position)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE verdict (id INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, data BLOB NOT NULL) STRICT;
      CREATE TABLE verdict_scope (
        key BLOB PRIMARY KEY, evidence TEXT NOT NULL, last_event INTEGER NOT NULL, last_block INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE coverage (
        rule_id TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        level INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        events_seen INTEGER NOT NULL,
        parts TEXT NOT NULL,
        wanted TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE alert (
        id INTEGER PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        rule_id TEXT NOT NULL,
        level INTEGER NOT NULL,
        first_time INTEGER,
        status TEXT NOT NULL,
        reason TEXT NOT NULL,
        finding TEXT NOT NULL
      ) STRICT;
      CREATE TABLE alert_event (
        alert INTEGER NOT NULL REFERENCES alert (id), event INTEGER NOT NULL REFERENCES event (id), PRIMARY KEY (alert, event)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE list_entry (
        list TEXT NOT NULL,
        value TEXT NOT NULL,
        note TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL,
        PRIMARY KEY (list, value)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE list_replaced (
        list TEXT PRIMARY KEY, note TEXT NOT NULL, examiner TEXT NOT NULL, time INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE own_rule (
        path TEXT NOT NULL,
        version INTEGER NOT NULL,
        text TEXT NOT NULL,
        tests TEXT NOT NULL,
        is_removed INTEGER NOT NULL,
        reason TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL,
        PRIMARY KEY (path, version)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE rule_setting (
        rule_id TEXT PRIMARY KEY,
        is_enabled INTEGER NOT NULL,
        level TEXT,
        reason TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE indicator_list (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        origin TEXT NOT NULL,
        date TEXT,
        level TEXT NOT NULL,
        format TEXT NOT NULL,
        file TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        skipped TEXT NOT NULL,
        note TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL
      ) STRICT;
      CREATE TABLE indicator (
        list INTEGER NOT NULL REFERENCES indicator_list (id),
        kind TEXT NOT NULL,
        value TEXT NOT NULL,
        note TEXT NOT NULL,
        until TEXT,
        PRIMARY KEY (list, kind, value)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE suppression (
        id INTEGER PRIMARY KEY,
        rule TEXT,
        entity_kind TEXT,
        entity TEXT,
        condition TEXT NOT NULL,
        reason TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL,
        expires INTEGER,
        removed INTEGER
      ) STRICT;
      CREATE TABLE alert_suppression (
        alert INTEGER PRIMARY KEY REFERENCES alert (id), suppression INTEGER NOT NULL REFERENCES suppression (id)
      ) STRICT;

      CREATE TABLE incident (
        id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, level INTEGER NOT NULL, first_time INTEGER, story TEXT NOT NULL
      ) STRICT;
      CREATE TABLE incident_alert (
        incident INTEGER NOT NULL REFERENCES incident (id), alert INTEGER NOT NULL UNIQUE REFERENCES alert (id),
        PRIMARY KEY (incident, alert)
      ) STRICT, WITHOUT ROWID;
      CREATE TABLE identity_link (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, certainty TEXT NOT NULL, link TEXT NOT NULL) STRICT;

      CREATE TABLE mark (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        target_kind TEXT NOT NULL,
        target TEXT NOT NULL,
        event INTEGER REFERENCES event (id),
        text TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL,
        removed INTEGER
      ) STRICT;
      CREATE INDEX mark_target ON mark (target_kind, target);
      CREATE INDEX mark_event ON mark (event) WHERE event IS NOT NULL;
      CREATE TABLE saved_query (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL, examiner TEXT NOT NULL, time INTEGER NOT NULL,
        removed INTEGER
      ) STRICT;

      CREATE TABLE foreign_file (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        tool TEXT NOT NULL,
        shape TEXT NOT NULL,
        sha256 BLOB NOT NULL,
        data BLOB NOT NULL,
        note TEXT NOT NULL,
        examiner TEXT NOT NULL,
        time INTEGER NOT NULL,
        removed INTEGER
      ) STRICT;
      CREATE TABLE foreign_alert (id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES foreign_file (id), alert TEXT NOT NULL) STRICT;

      CREATE TABLE action (
        id INTEGER PRIMARY KEY,
        time INTEGER NOT NULL,
        examiner TEXT NOT NULL,
        name TEXT NOT NULL,
        detail TEXT NOT NULL,
        hash BLOB NOT NULL
      ) STRICT;

      CREATE TABLE table_hash (name TEXT PRIMARY KEY, rows INTEGER NOT NULL, sha256 BLOB NOT NULL, places BLOB NOT NULL) STRICT, WITHOUT ROWID;

      CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;

      CREATE VIEW event_readable AS
      SELECT
        event.id,
        CASE typeof(event.audit_id) WHEN 'blob' THEN
          lower(substr(hex(audit_id), 1, 8) || '-' || substr(hex(audit_id), 9, 4) || '-' || substr(hex(audit_id), 13, 4) || '-' ||
          substr(hex(audit_id), 17, 4) || '-' || substr(hex(audit_id), 21)) ELSE audit_id END AS audit_id,
        strftime('%Y-%m-%dT%H:%M:%S', event.time / 1000000, 'unixepoch') || printf('.%06dZ', event.time % 1000000) AS time,
        event.elapsed AS elapsed_us,
        (SELECT text FROM term WHERE id = answer.stage) AS stage,
        (SELECT text FROM term WHERE id = answer.level) AS level,
        (SELECT text FROM term WHERE id = operation.verb) AS verb,
        (SELECT text FROM term WHERE id = actor.user) AS user,
        (SELECT text FROM term WHERE id = actor.impersonated_user) AS impersonated_user,
        (SELECT text FROM term WHERE id = actor.groups) AS groups,
        (SELECT text FROM term WHERE id = event.address) AS source_ips,
        (SELECT text FROM term WHERE id = event.agent) AS user_agent,
        (SELECT text FROM term WHERE id = operation.api_group) AS api_group,
        (SELECT text FROM term WHERE id = operation.resource) AS resource,
        (SELECT text FROM term WHERE id = operation.subresource) AS subresource,
        (SELECT text FROM term WHERE id = event.namespace) AS namespace,
        (SELECT text FROM term WHERE id = event.name) AS name,
        answer.code AS code,
        (SELECT text FROM term WHERE id = answer.decision) AS decision,
        evidence.path AS evidence,
        block.offset + event.start AS offset,
        event.length AS length
      FROM event
      JOIN actor ON actor.id = event.actor
      JOIN operation ON operation.id = event.operation
      JOIN answer ON answer.id = event.answer
      JOIN block ON block.id = event.block
      JOIN evidence ON evidence.id = block.evidence;
    `);
  },
};
