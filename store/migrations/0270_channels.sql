-- +goose Up
-- One account with a network. Its settings are one sealed text, drawn and read by its driver's fields; pace and quota are kept here so that
-- every process of an office shares them.
CREATE TABLE channel (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, settings BYTEA NOT NULL,
  state TEXT NOT NULL,               -- on halted off
  why TEXT NOT NULL DEFAULT '', halted_at BIGINT NOT NULL DEFAULT 0,
  rate_n BIGINT NOT NULL DEFAULT 0, rate_ms BIGINT NOT NULL DEFAULT 0, -- so many messages in so many milliseconds; 0: no limit
  paced_us BIGINT NOT NULL DEFAULT 0, -- the moment up to which the rate is used up, in microseconds
  day_quota BIGINT NOT NULL DEFAULT 0, day TEXT NOT NULL DEFAULT '', day_n BIGINT NOT NULL DEFAULT 0,
  renewing_until BIGINT NOT NULL DEFAULT 0, renewing_by TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX channel_office ON channel(office_id, kind);

CREATE TABLE broadcast (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, title TEXT NOT NULL, folded TEXT NOT NULL,
  script_id TEXT NOT NULL, script_version BIGINT NOT NULL, purpose TEXT NOT NULL, priority TEXT NOT NULL,
  ladder TEXT NOT NULL, audience TEXT NOT NULL, snapshot_id TEXT NOT NULL DEFAULT '',
  from_on TEXT NOT NULL, until_on TEXT NOT NULL DEFAULT '', start_min BIGINT NOT NULL, end_min BIGINT NOT NULL,
  pace BIGINT NOT NULL DEFAULT 0, paced_us BIGINT NOT NULL DEFAULT 0, fail_limit BIGINT NOT NULL DEFAULT 0, refuse_limit BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL,               -- draft submitted approved sending paused stopped done
  fanned TEXT NOT NULL DEFAULT '',   -- the last person queued; '~' when all are
  author_id TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '', approvals TEXT NOT NULL DEFAULT '[]', why TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, sent_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX broadcast_office ON broadcast(office_id, state, created_at);

-- The ledger: one row for each person or place and rung of a broadcast's ladder.
CREATE TABLE delivery (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, person_id TEXT NOT NULL DEFAULT '', place_id TEXT NOT NULL DEFAULT '',
  rung BIGINT NOT NULL, channel_id TEXT NOT NULL, network TEXT NOT NULL, address TEXT NOT NULL, lang TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- queued sending unsure sent delivered seen failed refused held stopped by_hand
  tries BIGINT NOT NULL DEFAULT 0, ref TEXT NOT NULL DEFAULT '', resume TEXT NOT NULL DEFAULT '', cost BIGINT NOT NULL DEFAULT 0, parts BIGINT NOT NULL DEFAULT 0,
  consent_id TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', not_before BIGINT NOT NULL DEFAULT 0, lease_until BIGINT NOT NULL DEFAULT 0, lease_by TEXT NOT NULL DEFAULT '',
  first_at BIGINT NOT NULL DEFAULT 0, sent_at BIGINT NOT NULL DEFAULT 0, done_at BIGINT NOT NULL DEFAULT 0,
  fallen BOOLEAN NOT NULL DEFAULT FALSE -- failed, and the next rung has been looked for
);
CREATE UNIQUE INDEX delivery_once ON delivery(broadcast_id, person_id, place_id, rung);
CREATE INDEX delivery_due ON delivery(channel_id, not_before, id) WHERE state = 'queued';
CREATE INDEX delivery_leased ON delivery(lease_until) WHERE state = 'sending';
CREATE INDEX delivery_unsure ON delivery(office_id, lease_until) WHERE state = 'unsure';
CREATE INDEX delivery_failed ON delivery(broadcast_id, id) WHERE state = 'failed' AND NOT fallen;
CREATE INDEX delivery_ref ON delivery(channel_id, ref) WHERE ref <> '';
CREATE INDEX delivery_person ON delivery(person_id, first_at) WHERE person_id <> '';

-- What providers told, each thing once. A receipt may come before we know the message's reference: it waits here until we do.
CREATE TABLE channel_event (
  channel_id TEXT NOT NULL, key TEXT NOT NULL, office_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL DEFAULT '', ref_also TEXT NOT NULL DEFAULT '', delivery_id TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL, happened_at BIGINT NOT NULL, heard_at BIGINT NOT NULL, applied_at BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (channel_id, key)
);
CREATE INDEX channel_event_waiting ON channel_event(channel_id, ref) WHERE applied_at = 0;

-- Ways to people beside the telephone of the register: a follower, a mailbox; and what is known of any address: that whoever answers it
-- wants nothing, or no advertising, or that it does not work.
CREATE TABLE address (
  office_id TEXT NOT NULL, network TEXT NOT NULL, address TEXT NOT NULL, person_id TEXT NOT NULL DEFAULT '',
  linked_at BIGINT NOT NULL DEFAULT 0, consent_id TEXT NOT NULL DEFAULT '', opted_out_at BIGINT NOT NULL DEFAULT 0, opted_out_how TEXT NOT NULL DEFAULT '',
  no_ads_at BIGINT NOT NULL DEFAULT 0, bad_at BIGINT NOT NULL DEFAULT 0, bad_code TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (office_id, network, address)
);
CREATE INDEX address_person ON address(person_id) WHERE person_id <> '';
