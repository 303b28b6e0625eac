-- Generated from store/migrations by go test ./store -run SchemaFile -update. Never edited by hand, never run.

CREATE TABLE act (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, kind TEXT NOT NULL, noun TEXT NOT NULL, noun_id TEXT NOT NULL,
  done_at BIGINT NOT NULL, done_by TEXT NOT NULL, before TEXT NOT NULL, after TEXT NOT NULL,
  undone_at BIGINT NOT NULL DEFAULT 0, undone_by TEXT NOT NULL DEFAULT ''
, change_no BIGINT NOT NULL DEFAULT 0);
CREATE INDEX act_noun ON act(noun_id, done_at);
CREATE INDEX act_office ON act(office_id, done_at);

CREATE TABLE address (
  office_id TEXT NOT NULL, network TEXT NOT NULL, address TEXT NOT NULL, person_id TEXT NOT NULL DEFAULT '',
  linked_at BIGINT NOT NULL DEFAULT 0, consent_id TEXT NOT NULL DEFAULT '', opted_out_at BIGINT NOT NULL DEFAULT 0, opted_out_how TEXT NOT NULL DEFAULT '',
  no_ads_at BIGINT NOT NULL DEFAULT 0, bad_at BIGINT NOT NULL DEFAULT 0, bad_code TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0, fails BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (office_id, network, address)
);
CREATE INDEX address_out ON address(office_id, opted_out_at) WHERE opted_out_at > 0;
CREATE INDEX address_person ON address(person_id) WHERE person_id <> '';

CREATE TABLE answer (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, question_id TEXT NOT NULL,
  text TEXT NOT NULL, folded TEXT NOT NULL, cites TEXT NOT NULL DEFAULT '', told_on TEXT NOT NULL DEFAULT '', -- the day the asker was told
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
, valid_from TEXT NOT NULL DEFAULT '', valid_to TEXT NOT NULL DEFAULT '');
CREATE INDEX answer_folded ON answer(office_id, folded);
CREATE INDEX answer_question ON answer(question_id);

CREATE TABLE answer_use (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, answer_id TEXT NOT NULL, version BIGINT NOT NULL, lang TEXT NOT NULL DEFAULT '', via TEXT NOT NULL DEFAULT '',
  question_id TEXT NOT NULL DEFAULT '', conversation_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', used_at BIGINT NOT NULL, used_by TEXT NOT NULL
);
CREATE INDEX answer_use_answer ON answer_use(answer_id, used_at);
CREATE INDEX answer_use_question ON answer_use(question_id) WHERE question_id <> '';

CREATE TABLE area (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,                -- province commune village office
  name TEXT NOT NULL,
  folded TEXT NOT NULL,
  prefix TEXT NOT NULL DEFAULT '',   -- Xã, Phường, Thôn, Bản ...
  path TEXT NOT NULL DEFAULT '',     -- the present tree only; empty for a unit that no longer exists
  office_id TEXT NOT NULL DEFAULT '',
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  lat_e5 BIGINT NOT NULL DEFAULT 0,  -- centroid, degrees times 100,000; 0 0 means unknown
  lon_e5 BIGINT NOT NULL DEFAULT 0,
  travel_dry_min BIGINT NOT NULL DEFAULT 0,
  travel_wet_min BIGINT NOT NULL DEFAULT 0,
  signal TEXT NOT NULL DEFAULT '',   -- none weak good, empty when not known
  loudspeaker TEXT NOT NULL DEFAULT '', -- none wired wireless smart
  ethnic_groups TEXT NOT NULL DEFAULT '', -- words separated by blanks
  languages TEXT NOT NULL DEFAULT '',
  focal_officer_id TEXT NOT NULL DEFAULT '',
  walk_order BIGINT NOT NULL DEFAULT 0,
  note TEXT NOT NULL DEFAULT '',
  change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX area_folded ON area(folded);
CREATE INDEX area_path ON area(path);

CREATE TABLE area_alias (
  area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  PRIMARY KEY (area_id, folded)
);
CREATE INDEX area_alias_folded ON area_alias(folded);

CREATE TABLE area_code (
  area_id TEXT NOT NULL, code TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL, source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (code, from_on)
);
CREATE INDEX area_code_area ON area_code(area_id);

CREATE TABLE area_figure (
  id TEXT PRIMARY KEY, area_id TEXT NOT NULL, kind TEXT NOT NULL, -- population households eligible_<scheme>
  value BIGINT NOT NULL, as_of_on TEXT NOT NULL, source TEXT NOT NULL,
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX area_figure_area ON area_figure(area_id, kind, as_of_on);

CREATE TABLE area_parent (
  area_id TEXT NOT NULL, parent_id TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL, source TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (area_id, from_on)
);
CREATE INDEX area_parent_parent ON area_parent(parent_id);

CREATE TABLE asker (
  question_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, link_id TEXT NOT NULL DEFAULT '', page TEXT NOT NULL, lang TEXT NOT NULL,
  name TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', call_when TEXT NOT NULL DEFAULT '', consent TEXT NOT NULL DEFAULT '',
  asked_at BIGINT NOT NULL, called_on TEXT NOT NULL DEFAULT '', called_by TEXT NOT NULL DEFAULT '', outcome TEXT NOT NULL DEFAULT '', erased_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX asker_call ON asker(question_id) WHERE phone <> '' AND outcome <> 'reached';
CREATE INDEX asker_link ON asker(link_id) WHERE link_id <> '';
CREATE INDEX asker_phone ON asker(phone) WHERE phone <> '';

CREATE TABLE attachment (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, noun TEXT NOT NULL, noun_id TEXT NOT NULL,
  kind TEXT NOT NULL,                -- photo sheet consent
  mime TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, width BIGINT NOT NULL, height BIGINT NOT NULL,
  bytes BYTEA NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX attachment_noun ON attachment(noun_id);

CREATE VIEW attendance AS SELECT * FROM attendance_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM attendance_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE attendance_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, session_id TEXT NOT NULL,
  person_id TEXT NOT NULL DEFAULT '', -- named when set, then n is 1; otherwise a count of heads that were not named
  n BIGINT NOT NULL, sex TEXT NOT NULL DEFAULT '', age_band TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX attendance_change ON attendance_fact(office_id, change_no);
CREATE INDEX attendance_corrects ON attendance_fact(corrects) WHERE corrects <> '';
CREATE INDEX attendance_person ON attendance_fact(person_id, happened_on) WHERE person_id <> '';
CREATE INDEX attendance_session ON attendance_fact(session_id);

CREATE TABLE audit (
  office_id TEXT NOT NULL, no BIGINT NOT NULL, at BIGINT NOT NULL, officer_id TEXT NOT NULL, act TEXT NOT NULL,
  noun TEXT NOT NULL DEFAULT '', noun_id TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '', prev_hash TEXT NOT NULL, hash TEXT NOT NULL,
  PRIMARY KEY (office_id, no)
);
CREATE INDEX audit_noun ON audit(noun_id) WHERE noun_id <> '';
CREATE INDEX audit_officer ON audit(officer_id, at);

CREATE TABLE boundary (office_id TEXT NOT NULL, area_id TEXT NOT NULL, geojson TEXT NOT NULL, source TEXT NOT NULL, loaded_at BIGINT NOT NULL, PRIMARY KEY (office_id, area_id));

CREATE TABLE boundary_before (
  act_id TEXT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, geojson TEXT NOT NULL, source TEXT NOT NULL, loaded_at BIGINT NOT NULL,
  left_at BIGINT NOT NULL, -- what loaded_at became; 0 when the boundary was dropped
  PRIMARY KEY (act_id, area_id)
);
CREATE INDEX boundary_before_area ON boundary_before(area_id);

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
, outlets TEXT NOT NULL DEFAULT '[]', work_by TEXT NOT NULL DEFAULT '', work_until BIGINT NOT NULL DEFAULT 0, words TEXT NOT NULL DEFAULT '[]', reckoned TEXT NOT NULL DEFAULT '', edits BIGINT NOT NULL DEFAULT 0, edited_at BIGINT NOT NULL DEFAULT 0, submitted_at BIGINT NOT NULL DEFAULT 0, resumed_at BIGINT NOT NULL DEFAULT 0, link_page TEXT NOT NULL DEFAULT '', session_id TEXT NOT NULL DEFAULT '', session_on TEXT NOT NULL DEFAULT '');
CREATE INDEX broadcast_going ON broadcast(state, from_on) WHERE state IN ('approved', 'sending', 'paused');
CREATE INDEX broadcast_office ON broadcast(office_id, state, created_at);

CREATE TABLE broadcast_tally (
  broadcast_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, tally TEXT NOT NULL, taken_at BIGINT NOT NULL, took_ms BIGINT NOT NULL
);

CREATE VIEW calculation AS SELECT * FROM calculation_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM calculation_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE calculation_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '',
  household_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL, scheme TEXT NOT NULL, asked TEXT NOT NULL DEFAULT '',
  pay BIGINT NOT NULL DEFAULT 0, monthly BIGINT NOT NULL DEFAULT 0, from_month TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX calculation_change ON calculation_fact(office_id, change_no);
CREATE INDEX calculation_corrects ON calculation_fact(corrects) WHERE corrects <> '';
CREATE INDEX calculation_person ON calculation_fact(person_id, happened_on);
CREATE INDEX calculation_session ON calculation_fact(session_id) WHERE session_id <> '';

CREATE TABLE channel (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL, settings BYTEA NOT NULL,
  state TEXT NOT NULL,               -- on halted off
  why TEXT NOT NULL DEFAULT '', halted_at BIGINT NOT NULL DEFAULT 0,
  rate_n BIGINT NOT NULL DEFAULT 0, rate_ms BIGINT NOT NULL DEFAULT 0, -- so many messages in so many milliseconds; 0: no limit
  paced_us BIGINT NOT NULL DEFAULT 0, -- the moment up to which the rate is used up, in microseconds
  day_quota BIGINT NOT NULL DEFAULT 0, day TEXT NOT NULL DEFAULT '', day_n BIGINT NOT NULL DEFAULT 0,
  renewing_until BIGINT NOT NULL DEFAULT 0, renewing_by TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
, run_until BIGINT NOT NULL DEFAULT 0, run_by TEXT NOT NULL DEFAULT '', answer_h BIGINT NOT NULL DEFAULT 0);
CREATE INDEX channel_office ON channel(office_id, kind);

CREATE TABLE channel_check (
  channel_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, checked_at BIGINT NOT NULL, name TEXT NOT NULL DEFAULT '',
  balance BIGINT, remain BIGINT, quota BIGINT, quality TEXT NOT NULL DEFAULT '', until_at BIGINT NOT NULL DEFAULT 0, warning TEXT NOT NULL DEFAULT '',
  failure TEXT NOT NULL DEFAULT '',    -- one of the six of package channel; empty: it answered
  code TEXT NOT NULL DEFAULT '', said TEXT NOT NULL DEFAULT '', failing_since BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX channel_check_office ON channel_check(office_id);

CREATE TABLE channel_consent (
  state TEXT PRIMARY KEY, channel_id TEXT NOT NULL, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, verifier BYTEA NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX channel_consent_ends ON channel_consent(expires_at);

CREATE TABLE channel_event (
  channel_id TEXT NOT NULL, key TEXT NOT NULL, office_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL DEFAULT '', ref_also TEXT NOT NULL DEFAULT '', delivery_id TEXT NOT NULL DEFAULT '',
  body TEXT NOT NULL, happened_at BIGINT NOT NULL, heard_at BIGINT NOT NULL, applied_at BIGINT NOT NULL DEFAULT 0, todo BOOLEAN NOT NULL DEFAULT FALSE, PRIMARY KEY (channel_id, key)
);
CREATE INDEX channel_event_heard ON channel_event(channel_id, heard_at);
CREATE INDEX channel_event_todo ON channel_event(heard_at, channel_id, key) WHERE todo;
CREATE INDEX channel_event_waiting ON channel_event(channel_id, ref) WHERE applied_at = 0;

CREATE TABLE claim (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, channel_id TEXT NOT NULL, by_process TEXT NOT NULL,
  repeatable BOOLEAN NOT NULL, -- the provider drops what it had: it goes back to be sent again instead of being unsure
  at BIGINT NOT NULL, until BIGINT NOT NULL,
  n BIGINT NOT NULL, body TEXT NOT NULL -- the deliveries and whom they tell, by broadcast and network
);
CREATE INDEX claim_channel ON claim(channel_id);
CREATE INDEX claim_office ON claim(office_id);

CREATE TABLE clip (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, purpose TEXT NOT NULL, lang TEXT NOT NULL, dialect TEXT NOT NULL, speaker TEXT NOT NULL, says TEXT NOT NULL,
  attachment_id TEXT NOT NULL, mime TEXT NOT NULL, sha256 TEXT NOT NULL, size BIGINT NOT NULL, seconds BIGINT NOT NULL,
  state TEXT NOT NULL,                -- draft approved replaced withdrawn
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0, ended_by TEXT NOT NULL DEFAULT ''
, until_on TEXT NOT NULL DEFAULT '', machine TEXT NOT NULL DEFAULT '', levelled BOOLEAN NOT NULL DEFAULT FALSE, cut_from TEXT NOT NULL DEFAULT '', script_version BIGINT NOT NULL DEFAULT 0, fits TEXT NOT NULL DEFAULT '[]');
CREATE UNIQUE INDEX clip_current ON clip(office_id, purpose, lang, dialect) WHERE state = 'approved';
CREATE INDEX clip_purpose ON clip(office_id, purpose, lang, state);

CREATE TABLE collector (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, parent_id TEXT NOT NULL DEFAULT '', -- an agent of an organisation
  name TEXT NOT NULL, folded TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', contact TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '',
  officer_id TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', retired_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
, capacity BIGINT NOT NULL DEFAULT 0);
CREATE INDEX collector_office ON collector(office_id, folded);

CREATE TABLE collector_area (collector_id TEXT NOT NULL, area_id TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL DEFAULT '9999-12-31', PRIMARY KEY (collector_id, area_id, from_on));
CREATE INDEX collector_area_area ON collector_area(area_id);

CREATE VIEW consent AS SELECT * FROM consent_fact f
 WHERE NOT f.void AND f.batch NOT IN (SELECT id FROM hidden_batch)
 AND NOT EXISTS (SELECT 1 FROM consent_fact c WHERE c.corrects = f.id AND c.corrects <> '' AND c.batch NOT IN (SELECT id FROM hidden_batch));

CREATE TABLE consent_fact (
  id TEXT PRIMARY KEY, batch TEXT NOT NULL DEFAULT '', office_id TEXT NOT NULL, area_id TEXT NOT NULL, person_id TEXT NOT NULL,
  purpose TEXT NOT NULL, channel TEXT NOT NULL, agreed BOOLEAN NOT NULL,
  proof TEXT NOT NULL DEFAULT '', attachment_id TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL DEFAULT 0, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
, how TEXT NOT NULL DEFAULT '', ads_from BIGINT NOT NULL DEFAULT 0, ads_to BIGINT NOT NULL DEFAULT 0, ads_most BIGINT NOT NULL DEFAULT 0);
CREATE INDEX consent_batch ON consent_fact(batch) WHERE batch <> '';
CREATE INDEX consent_change ON consent_fact(office_id, change_no);
CREATE INDEX consent_corrects ON consent_fact(corrects) WHERE corrects <> '';
CREATE INDEX consent_person ON consent_fact(person_id);

CREATE TABLE consent_text (version TEXT PRIMARY KEY, lang TEXT NOT NULL, text TEXT NOT NULL, shown_since BIGINT NOT NULL);

CREATE VIEW contribution AS SELECT * FROM contribution_fact f
 WHERE NOT f.void AND f.batch NOT IN (SELECT id FROM hidden_batch)
 AND NOT EXISTS (SELECT 1 FROM contribution_fact c WHERE c.corrects = f.id AND c.corrects <> '' AND c.batch NOT IN (SELECT id FROM hidden_batch));

CREATE TABLE contribution_fact (
  id TEXT PRIMARY KEY, batch TEXT NOT NULL DEFAULT '', office_id TEXT NOT NULL, area_id TEXT NOT NULL, person_id TEXT NOT NULL,
  scheme TEXT NOT NULL, payer TEXT NOT NULL,         -- self state employer
  method TEXT NOT NULL DEFAULT '',                   -- monthly quarterly half_year yearly years_ahead missing card ongoing
  from_on TEXT NOT NULL, until_on TEXT NOT NULL,     -- 9999-12-31: until its end is reported
  months BIGINT NOT NULL DEFAULT 0, income BIGINT NOT NULL DEFAULT 0, amount BIGINT NOT NULL DEFAULT 0, state_amount BIGINT NOT NULL DEFAULT 0,
  collector_id TEXT NOT NULL DEFAULT '', employer_id TEXT NOT NULL DEFAULT '', lead_id TEXT NOT NULL DEFAULT '',
  receipt TEXT NOT NULL DEFAULT '', source TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX contribution_batch ON contribution_fact(batch) WHERE batch <> '';
CREATE INDEX contribution_change ON contribution_fact(office_id, change_no);
CREATE INDEX contribution_corrects ON contribution_fact(corrects) WHERE corrects <> '';
CREATE INDEX contribution_employer ON contribution_fact(employer_id) WHERE employer_id <> '';
CREATE INDEX contribution_person ON contribution_fact(person_id, scheme);

CREATE TABLE conversation (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, channel_id TEXT NOT NULL DEFAULT '', network TEXT NOT NULL DEFAULT '', address TEXT NOT NULL DEFAULT '',
  via TEXT NOT NULL, name TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', question_id TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- open done
  owner_id TEXT NOT NULL DEFAULT '', due_at BIGINT NOT NULL DEFAULT 0, put_off_until BIGINT NOT NULL DEFAULT 0, waits_since BIGINT NOT NULL DEFAULT 0,
  heard_at BIGINT NOT NULL DEFAULT 0, last_at BIGINT NOT NULL, last_text TEXT NOT NULL DEFAULT '', last_kind TEXT NOT NULL DEFAULT '', first_at BIGINT NOT NULL,
  refused_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
, unreached_at BIGINT NOT NULL DEFAULT 0);
CREATE UNIQUE INDEX conversation_address ON conversation(office_id, channel_id, network, address) WHERE address <> '';
CREATE INDEX conversation_due ON conversation(office_id, (CASE WHEN due_at = 0 THEN 9223372036854775807 ELSE due_at END), id) WHERE state = 'open';
CREATE INDEX conversation_last ON conversation(office_id, state, last_at, id);
CREATE INDEX conversation_open ON conversation(office_id, put_off_until, due_at, id) WHERE state = 'open';
CREATE INDEX conversation_owner ON conversation(owner_id, state, last_at) WHERE owner_id <> '';
CREATE INDEX conversation_person ON conversation(person_id) WHERE person_id <> '';
CREATE INDEX conversation_question ON conversation(question_id) WHERE question_id <> '';
CREATE INDEX conversation_to ON conversation(office_id, network, address) WHERE address <> '';

CREATE TABLE conversation_draft (
  conversation_id TEXT NOT NULL, officer_id TEXT NOT NULL, text TEXT NOT NULL, answer_id TEXT NOT NULL DEFAULT '', saved_at BIGINT NOT NULL, PRIMARY KEY (conversation_id, officer_id)
);

CREATE TABLE delivery (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, person_id TEXT NOT NULL DEFAULT '', place_id TEXT NOT NULL DEFAULT '',
  rung BIGINT NOT NULL, channel_id TEXT NOT NULL, network TEXT NOT NULL, address TEXT NOT NULL, lang TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- queued sending unsure sent delivered seen failed refused held stopped by_hand
  tries BIGINT NOT NULL DEFAULT 0, ref TEXT NOT NULL DEFAULT '', resume TEXT NOT NULL DEFAULT '', cost BIGINT NOT NULL DEFAULT 0, parts BIGINT NOT NULL DEFAULT 0,
  consent_id TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT '', not_before BIGINT NOT NULL DEFAULT 0, first_at BIGINT NOT NULL DEFAULT 0, sent_at BIGINT NOT NULL DEFAULT 0, done_at BIGINT NOT NULL DEFAULT 0,
  fallen BOOLEAN NOT NULL DEFAULT FALSE -- failed, and the next rung has been looked for
, wait_h BIGINT NOT NULL DEFAULT 0);
CREATE INDEX delivery_due ON delivery(channel_id, broadcast_id, not_before, id) WHERE state = 'queued';
CREATE INDEX delivery_failed ON delivery(broadcast_id, id) WHERE state = 'failed' AND NOT fallen;
CREATE INDEX delivery_hand ON delivery(broadcast_id, network, state, done_at) WHERE network IN ('call', 'visit');
CREATE UNIQUE INDEX delivery_once ON delivery(broadcast_id, person_id, place_id, rung) WHERE broadcast_id <> '';
CREATE INDEX delivery_person ON delivery(person_id, first_at) WHERE person_id <> '' AND first_at > 0;
CREATE INDEX delivery_place ON delivery(place_id, broadcast_id) WHERE place_id <> '';
CREATE INDEX delivery_ref ON delivery(channel_id, ref) WHERE ref <> '';
CREATE INDEX delivery_reply ON delivery(office_id, sent_at) WHERE broadcast_id = '' AND sent_at > 0;
CREATE INDEX delivery_silent ON delivery(broadcast_id, sent_at) WHERE wait_h > 0 AND state = 'sent' AND NOT fallen;
CREATE INDEX delivery_trouble ON delivery(broadcast_id, state, code, person_id) WHERE state IN ('failed', 'refused', 'held', 'stopped', 'by_hand');
CREATE INDEX delivery_unsure ON delivery(office_id, id) WHERE state = 'unsure';

CREATE TABLE document (
	office_id TEXT NOT NULL,
	area_id TEXT NOT NULL,
	kind TEXT NOT NULL,
	about TEXT NOT NULL,
	no BIGINT NOT NULL,
	on_day TEXT NOT NULL,
	recorded_at BIGINT NOT NULL,
	recorded_by TEXT NOT NULL,
	PRIMARY KEY (office_id, kind, about)
);

CREATE TABLE employer (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, folded TEXT NOT NULL,
  employees BIGINT NOT NULL DEFAULT 0, employees_on TEXT NOT NULL DEFAULT '', contact TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '', retired_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX employer_office ON employer(office_id, folded);

CREATE VIEW enrolment_step AS SELECT * FROM enrolment_step_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM enrolment_step_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE enrolment_step_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, lead_id TEXT NOT NULL,
  step TEXT NOT NULL,                -- handed registered paid refused closed
  collector_id TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '', contribution_id TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX enrolment_step_change ON enrolment_step_fact(office_id, change_no);
CREATE INDEX enrolment_step_collector ON enrolment_step_fact(collector_id, happened_on) WHERE collector_id <> '';
CREATE INDEX enrolment_step_corrects ON enrolment_step_fact(corrects) WHERE corrects <> '';
CREATE INDEX enrolment_step_lead ON enrolment_step_fact(lead_id);

CREATE TABLE exposure (
  delivery_id TEXT NOT NULL, village_id TEXT NOT NULL, office_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, station_id TEXT NOT NULL,
  at BIGINT NOT NULL, happened_on TEXT NOT NULL, people BIGINT NOT NULL, PRIMARY KEY (delivery_id, village_id)
);
CREATE INDEX exposure_office ON exposure(office_id, happened_on);
CREATE INDEX exposure_village ON exposure(village_id, happened_on);

CREATE TABLE festival (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL,
  from_on TEXT NOT NULL, to_on TEXT NOT NULL, kind TEXT NOT NULL DEFAULT 'festival', -- festival closed
  source TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX festival_area ON festival(area_id, from_on);

CREATE TABLE field_version (
  id TEXT PRIMARY KEY, batch TEXT NOT NULL DEFAULT '', office_id TEXT NOT NULL,
  noun TEXT NOT NULL, noun_id TEXT NOT NULL, field TEXT NOT NULL,
  old_value TEXT NOT NULL, new_value TEXT NOT NULL,
  happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX field_version_batch ON field_version(batch) WHERE batch <> '';
CREATE INDEX field_version_noun ON field_version(noun_id, recorded_at);

CREATE TABLE flow (
  office_id TEXT NOT NULL, area_id TEXT NOT NULL, scheme TEXT NOT NULL, on_day TEXT NOT NULL, kind TEXT NOT NULL, -- joined returned lapsed left
  n BIGINT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (office_id, scheme, on_day, area_id, kind)
);
CREATE INDEX flow_change ON flow(office_id, change_no);

CREATE TABLE grant_role (
  id TEXT PRIMARY KEY, officer_id TEXT NOT NULL, role TEXT NOT NULL, -- administrator director officer collector province_viewer
  office_id TEXT NOT NULL, area_id TEXT NOT NULL DEFAULT '',         -- '' = the whole office
  from_on TEXT NOT NULL, to_on TEXT NOT NULL, given_by TEXT NOT NULL, given_at BIGINT NOT NULL, revoked_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX grant_role_officer ON grant_role(officer_id);

CREATE TABLE hidden_batch (id TEXT PRIMARY KEY, since BIGINT NOT NULL);

CREATE VIEW household AS SELECT * FROM household_row
 WHERE batch NOT IN (SELECT id FROM hidden_batch) AND (gone = '' OR gone IN (SELECT id FROM hidden_batch));

CREATE TABLE household_row (
  id TEXT NOT NULL, batch TEXT NOT NULL DEFAULT '', gone TEXT NOT NULL DEFAULT '',
  office_id TEXT NOT NULL, area_id TEXT NOT NULL,
  code TEXT NOT NULL DEFAULT '',     -- the household's number in the office's own list
  head_id TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '', walk_order BIGINT NOT NULL DEFAULT 0,
  phone TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  ended TEXT NOT NULL DEFAULT '',    -- merged empty, when nobody lives in it any more
  change_no BIGINT NOT NULL DEFAULT 0, merged_into TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (id, batch)
);
CREATE INDEX household_area ON household_row(area_id, walk_order);
CREATE INDEX household_batch ON household_row(batch) WHERE batch <> '';
CREATE INDEX household_code ON household_row(office_id, code) WHERE code <> '';
CREATE INDEX household_gone ON household_row(gone) WHERE gone <> '';
CREATE INDEX household_merged ON household_row(merged_into) WHERE merged_into <> '';

CREATE TABLE import_file (import_id TEXT PRIMARY KEY, bytes BYTEA NOT NULL);

CREATE TABLE import_line (
  import_id TEXT NOT NULL, no BIGINT NOT NULL, outcome TEXT NOT NULL, -- new changed same conflict error
  person_id TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', cells TEXT NOT NULL, -- the file's own cells, JSON
  changes TEXT NOT NULL DEFAULT '', reason TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (import_id, no)
);
CREATE INDEX import_line_outcome ON import_line(import_id, outcome, no);

CREATE TABLE import_run (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, kind TEXT NOT NULL, -- people participation targets reconciliation
  file_name TEXT NOT NULL, sha256 TEXT NOT NULL, state TEXT NOT NULL, -- reading previewed applying applied undone discarded failed
  mapping TEXT NOT NULL DEFAULT '', error TEXT NOT NULL DEFAULT '',
  rows_total BIGINT NOT NULL DEFAULT 0, rows_done BIGINT NOT NULL DEFAULT 0,
  n_new BIGINT NOT NULL DEFAULT 0, n_changed BIGINT NOT NULL DEFAULT 0, n_same BIGINT NOT NULL DEFAULT 0, n_conflict BIGINT NOT NULL DEFAULT 0, n_error BIGINT NOT NULL DEFAULT 0,
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, applied_at BIGINT NOT NULL DEFAULT 0, undone_at BIGINT NOT NULL DEFAULT 0, area_id TEXT NOT NULL DEFAULT ''
, read_no BIGINT NOT NULL DEFAULT 0, shown_no BIGINT NOT NULL DEFAULT 0, n_kept BIGINT NOT NULL DEFAULT 0, flipped_no BIGINT NOT NULL DEFAULT 0);
CREATE INDEX import_run_office ON import_run(office_id, made_at);

CREATE TABLE influencer (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL,
  role TEXT NOT NULL,                -- village_head elder women_union farmers_union party_cell health_worker other
  name TEXT NOT NULL, folded TEXT NOT NULL, phone TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '',
  introduced_by TEXT NOT NULL DEFAULT '', from_on TEXT NOT NULL DEFAULT '', to_on TEXT NOT NULL DEFAULT '9999-12-31',
  note TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX influencer_area ON influencer(area_id);

CREATE TABLE inquiry (delivery_id TEXT PRIMARY KEY, channel_id TEXT NOT NULL, officer_id TEXT NOT NULL, asked_at BIGINT NOT NULL);
CREATE INDEX inquiry_channel ON inquiry(channel_id, asked_at);

CREATE TABLE kit_post (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, noun_id TEXT NOT NULL, officer_id TEXT NOT NULL, network TEXT NOT NULL, url TEXT NOT NULL DEFAULT '',
  posted_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX kit_post_noun ON kit_post(office_id, noun_id, posted_at);

CREATE VIEW lead AS SELECT * FROM lead_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM lead_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE lead_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, household_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL,
  scheme TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '',
  income BIGINT NOT NULL DEFAULT 0, method TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX lead_change ON lead_fact(office_id, change_no);
CREATE INDEX lead_corrects ON lead_fact(corrects) WHERE corrects <> '';
CREATE INDEX lead_day ON lead_fact(office_id, happened_on);
CREATE INDEX lead_person ON lead_fact(person_id);
CREATE INDEX lead_session ON lead_fact(session_id) WHERE session_id <> '';

CREATE TABLE leaflet (
  id TEXT PRIMARY KEY, run_id TEXT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, link_id TEXT NOT NULL,
  printed BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX leaflet_area ON leaflet(area_id);
CREATE UNIQUE INDEX leaflet_village ON leaflet(run_id, area_id);

CREATE TABLE leaflet_handed (
  id TEXT PRIMARY KEY, leaflet_id TEXT NOT NULL, session_id TEXT NOT NULL, office_id TEXT NOT NULL, n BIGINT NOT NULL,
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX leaflet_handed_leaflet ON leaflet_handed(leaflet_id);
CREATE INDEX leaflet_handed_session ON leaflet_handed(session_id);

CREATE TABLE leaflet_lines (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, scheme TEXT NOT NULL, audience TEXT NOT NULL, language TEXT NOT NULL, version BIGINT NOT NULL,
  lines TEXT NOT NULL, entered_at BIGINT NOT NULL, entered_by TEXT NOT NULL,
  checked_by TEXT NOT NULL DEFAULT '', signed_at BIGINT NOT NULL DEFAULT 0, signed_by TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX leaflet_lines_version ON leaflet_lines(office_id, scheme, audience, language, version);

CREATE TABLE leaflet_run (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, no BIGINT NOT NULL, scheme TEXT NOT NULL, audience TEXT NOT NULL,
  size TEXT NOT NULL,                -- a5 a5x2 fold
  language TEXT NOT NULL,            -- vi en
  second TEXT NOT NULL DEFAULT '',   -- vi en hmn blt
  income BIGINT NOT NULL DEFAULT 0, on_day TEXT NOT NULL,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
, story_id TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX leaflet_run_no ON leaflet_run(office_id, no);

CREATE TABLE learned (name TEXT PRIMARY KEY, size BIGINT NOT NULL);

CREATE VIEW leaving AS SELECT * FROM leaving_fact f
 WHERE NOT f.void AND f.batch NOT IN (SELECT id FROM hidden_batch)
 AND NOT EXISTS (SELECT 1 FROM leaving_fact c WHERE c.corrects = f.id AND c.corrects <> '' AND c.batch NOT IN (SELECT id FROM hidden_batch));

CREATE TABLE leaving_fact (
  id TEXT PRIMARY KEY, batch TEXT NOT NULL DEFAULT '', office_id TEXT NOT NULL, area_id TEXT NOT NULL, person_id TEXT NOT NULL,
  scheme TEXT NOT NULL, reason TEXT NOT NULL,        -- pension death moved compulsory refused
  happened_on TEXT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX leaving_change ON leaving_fact(office_id, change_no);
CREATE INDEX leaving_corrects ON leaving_fact(corrects) WHERE corrects <> '';
CREATE INDEX leaving_person ON leaving_fact(person_id, scheme);

CREATE TABLE link (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, code TEXT NOT NULL, spoken BIGINT NOT NULL,
  kind TEXT NOT NULL,                -- leaflet officer
  page TEXT NOT NULL,                -- home sessions ask call changes
  noun TEXT NOT NULL DEFAULT '', noun_id TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '', label TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
, network TEXT NOT NULL DEFAULT '', channel_id TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX link_broadcast ON link(noun_id, network, channel_id) WHERE kind = 'broadcast';
CREATE UNIQUE INDEX link_code ON link(code);
CREATE UNIQUE INDEX link_kit ON link(office_id, noun_id, officer_id) WHERE kind = 'kit';
CREATE INDEX link_noun ON link(noun_id) WHERE noun_id <> '';
CREATE INDEX link_office_kind ON link(office_id, kind);
CREATE UNIQUE INDEX link_officer ON link(office_id, officer_id) WHERE kind = 'officer';
CREATE UNIQUE INDEX link_spoken ON link(office_id, spoken);

CREATE TABLE link_salt (on_day TEXT PRIMARY KEY, salt BYTEA NOT NULL);

CREATE TABLE link_seen (on_day TEXT NOT NULL, mark BIGINT NOT NULL, PRIMARY KEY (on_day, mark));

CREATE TABLE link_visit (link_id TEXT NOT NULL, on_day TEXT NOT NULL, n BIGINT NOT NULL, people BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (link_id, on_day));
CREATE INDEX link_visit_day ON link_visit(on_day, link_id, people);

CREATE TABLE login (
  token_hash TEXT PRIMARY KEY, officer_id TEXT NOT NULL, data BYTEA NOT NULL, agent TEXT NOT NULL DEFAULT '',
  made_at BIGINT NOT NULL, seen_at BIGINT NOT NULL, expires_at BIGINT NOT NULL
);
CREATE INDEX login_officer ON login(officer_id);

CREATE TABLE market (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
  rule TEXT NOT NULL,                -- branch:3,9  weekday:7  monthday:3,13,23  every:6:2025-01-02
  source TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX market_area ON market(area_id);

CREATE TABLE matrix (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, version BIGINT NOT NULL, state TEXT NOT NULL, -- draft signed replaced
  from_on TEXT NOT NULL DEFAULT '', signed_by TEXT NOT NULL DEFAULT '', signed_at BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL
);
CREATE UNIQUE INDEX matrix_version ON matrix(office_id, version);

CREATE TABLE matrix_line (
  id TEXT PRIMARY KEY, matrix_id TEXT NOT NULL, office_id TEXT NOT NULL, segment_id TEXT NOT NULL, form TEXT NOT NULL,
  times BIGINT NOT NULL, every BIGINT NOT NULL, unit TEXT NOT NULL, -- times in every n day week month quarter year; market festival
  officer_id TEXT NOT NULL DEFAULT '', theme TEXT NOT NULL DEFAULT '', per_village BOOLEAN NOT NULL DEFAULT FALSE,
  from_on TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX matrix_line_cell ON matrix_line(matrix_id, segment_id, form);

CREATE TABLE month_close (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, month TEXT NOT NULL, signed_by TEXT NOT NULL, signed_at BIGINT NOT NULL,
  report TEXT NOT NULL, sha256 TEXT NOT NULL
);
CREATE UNIQUE INDEX month_close_month ON month_close(office_id, month);

CREATE TABLE name (folded TEXT PRIMARY KEY);

CREATE TABLE name_word (word TEXT NOT NULL, folded TEXT NOT NULL, PRIMARY KEY (word, folded));

CREATE TABLE not_duplicate (a_id TEXT NOT NULL, b_id TEXT NOT NULL, said_by TEXT NOT NULL, said_at BIGINT NOT NULL, PRIMARY KEY (a_id, b_id));

CREATE TABLE number_series (
  office_id TEXT NOT NULL, series TEXT NOT NULL, year BIGINT NOT NULL, last BIGINT NOT NULL,
  PRIMARY KEY (office_id, series, year)
);

CREATE TABLE office (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL,                -- as in the head of documents
  short_name TEXT NOT NULL,
  superior TEXT NOT NULL DEFAULT '', -- the body above, first line of a document's head
  place TEXT NOT NULL DEFAULT '',    -- place name in front of a document's date
  symbol TEXT NOT NULL DEFAULT '',   -- symbol behind document numbers
  province_id TEXT NOT NULL,
  anchor_id TEXT NOT NULL,           -- the area node that holds what has no commune yet
  change_no BIGINT NOT NULL DEFAULT 0,
  synthetic BOOLEAN NOT NULL DEFAULT FALSE, -- made by the demo: says so on every page and allows one-click entry
  as_of TEXT NOT NULL DEFAULT '',    -- the day the demo runs as of
  seed BIGINT NOT NULL DEFAULT 0,
  created_at BIGINT NOT NULL
, slug TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX office_slug ON office(slug) WHERE slug <> '';

CREATE TABLE office_area (
  office_id TEXT NOT NULL, area_id TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL,
  PRIMARY KEY (office_id, area_id, from_on)
);

CREATE TABLE officer (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, login_name TEXT NOT NULL, name TEXT NOT NULL, sort_key TEXT NOT NULL, position TEXT NOT NULL DEFAULT '',
  phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT 'vi',
  password_hash TEXT NOT NULL DEFAULT '', must_change BOOLEAN NOT NULL DEFAULT FALSE, demo_token TEXT NOT NULL DEFAULT '',
  languages TEXT NOT NULL DEFAULT '', collector_id TEXT NOT NULL DEFAULT '', disabled_at BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
, one_time_until BIGINT NOT NULL DEFAULT 0, zalo TEXT NOT NULL DEFAULT '');
CREATE UNIQUE INDEX officer_login_name ON officer(login_name);

CREATE TABLE page_opened (officer_id TEXT NOT NULL, noun_id TEXT NOT NULL, on_day TEXT NOT NULL, PRIMARY KEY (officer_id, noun_id, on_day));

CREATE TABLE participation (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, scheme TEXT NOT NULL, month TEXT NOT NULL, n BIGINT NOT NULL,
  source TEXT NOT NULL DEFAULT '', import_id TEXT NOT NULL DEFAULT '', recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL
);
CREATE INDEX participation_month ON participation(office_id, month, scheme, area_id, recorded_at);

CREATE TABLE partner (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, kind TEXT NOT NULL, -- commune_committee party_committee women_union farmers_union youth_union front employment_centre post_office school health_station village other
  name TEXT NOT NULL, folded TEXT NOT NULL, contact TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', email TEXT NOT NULL DEFAULT '',
  address TEXT NOT NULL DEFAULT '', meeting TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '', retired_at BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX partner_office ON partner(office_id, folded);

CREATE TABLE people_view (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, name TEXT NOT NULL, query TEXT NOT NULL,
  made_at BIGINT NOT NULL, removed_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX people_view_officer ON people_view(office_id, officer_id, made_at);

CREATE VIEW person AS SELECT * FROM person_row
 WHERE batch NOT IN (SELECT id FROM hidden_batch) AND (gone = '' OR gone IN (SELECT id FROM hidden_batch));

CREATE TABLE person_row (
  id TEXT NOT NULL, batch TEXT NOT NULL DEFAULT '', gone TEXT NOT NULL DEFAULT '',
  office_id TEXT NOT NULL, area_id TEXT NOT NULL, household_id TEXT NOT NULL DEFAULT '',
  name TEXT NOT NULL, folded TEXT NOT NULL, sort_key TEXT NOT NULL, sound_key TEXT NOT NULL DEFAULT '',
  born_year BIGINT NOT NULL DEFAULT 0, born_on TEXT NOT NULL DEFAULT '',
  sex TEXT NOT NULL DEFAULT '',      -- male female
  ethnic TEXT NOT NULL DEFAULT '', language TEXT NOT NULL DEFAULT '',
  literacy TEXT NOT NULL DEFAULT '', -- reads little none
  poverty TEXT NOT NULL DEFAULT '',  -- poor near_poor other
  poverty_from TEXT NOT NULL DEFAULT '', poverty_to TEXT NOT NULL DEFAULT '',
  occupation TEXT NOT NULL DEFAULT '',
  relation TEXT NOT NULL DEFAULT '', -- to the head: head spouse child parent ...
  phone TEXT NOT NULL DEFAULT '', phone_owner TEXT NOT NULL DEFAULT '', phone_shared BOOLEAN NOT NULL DEFAULT FALSE,
  phone_bad BOOLEAN NOT NULL DEFAULT FALSE,
  national_id BYTEA, national_id_index TEXT NOT NULL DEFAULT '', national_id_tail TEXT NOT NULL DEFAULT '',
  si_number BYTEA, si_number_index TEXT NOT NULL DEFAULT '', si_number_tail TEXT NOT NULL DEFAULT '',
  note TEXT NOT NULL DEFAULT '',
  merged_into TEXT NOT NULL DEFAULT '', -- another record of the same human; this ID resolves for ever
  created_at BIGINT NOT NULL DEFAULT 0, created_by TEXT NOT NULL DEFAULT '',
  change_no BIGINT NOT NULL DEFAULT 0,
  PRIMARY KEY (id, batch)
);
CREATE INDEX person_area ON person_row(area_id, sort_key, id);
CREATE INDEX person_batch ON person_row(batch, id) WHERE batch <> '';
CREATE INDEX person_change ON person_row(office_id, change_no);
CREATE INDEX person_folded ON person_row(folded, area_id);
CREATE INDEX person_gone ON person_row(gone) WHERE gone <> '';
CREATE INDEX person_household ON person_row(household_id);
CREATE INDEX person_merged ON person_row(merged_into) WHERE merged_into <> '';
CREATE INDEX person_national_id ON person_row(national_id_index) WHERE national_id_index <> '';
CREATE INDEX person_office ON person_row(office_id, sort_key, id);
CREATE INDEX person_phone ON person_row(phone) WHERE phone <> '';
CREATE INDEX person_si_number ON person_row(si_number_index) WHERE si_number_index <> '';
CREATE INDEX person_sound ON person_row(sound_key, born_year);

CREATE TABLE play (
  delivery_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, station_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, priority TEXT NOT NULL,
  at BIGINT NOT NULL, seconds BIGINT NOT NULL DEFAULT 0, repeat_n BIGINT NOT NULL DEFAULT 1, until_at BIGINT NOT NULL,
  state TEXT NOT NULL,               -- planned accepted downloaded playing missed rejected failed preempted cancelled played
  why TEXT NOT NULL DEFAULT '', played_ms BIGINT NOT NULL DEFAULT 0, proof TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '', proved_at BIGINT NOT NULL DEFAULT 0,
  heads BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX play_broadcast ON play(broadcast_id, station_id);
CREATE INDEX play_office ON play(office_id, at, delivery_id);
CREATE INDEX play_open ON play(until_at) WHERE state IN ('planned', 'accepted', 'downloaded', 'playing');
CREATE INDEX play_station ON play(station_id, at, delivery_id);

CREATE TABLE policy_row (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, name TEXT NOT NULL, from_on TEXT NOT NULL, to_on TEXT NOT NULL DEFAULT '',
  value BIGINT NOT NULL, unit TEXT NOT NULL, cites TEXT NOT NULL, source TEXT NOT NULL, confirmed BOOLEAN NOT NULL DEFAULT FALSE,
  why TEXT NOT NULL DEFAULT '', proposed_by TEXT NOT NULL, proposed_at BIGINT NOT NULL,
  state TEXT NOT NULL,               -- proposed approved refused
  decided_by TEXT NOT NULL DEFAULT '', decided_at BIGINT NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX policy_row_name ON policy_row(office_id, name, from_on);

CREATE TABLE price_item (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, item TEXT NOT NULL, name_vi TEXT NOT NULL, unit_vi TEXT NOT NULL, one_en TEXT NOT NULL, many_en TEXT NOT NULL,
  price BIGINT NOT NULL, picture TEXT NOT NULL, from_on TEXT NOT NULL, source TEXT NOT NULL, off BOOLEAN NOT NULL DEFAULT FALSE, synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL, change_no BIGINT NOT NULL
);
CREATE INDEX price_item_area ON price_item(office_id, area_id, item, from_on);

CREATE TABLE push_device (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, mark TEXT NOT NULL, sealed BYTEA, name TEXT NOT NULL, made_at BIGINT NOT NULL, told_at BIGINT NOT NULL DEFAULT 0,
  failures BIGINT NOT NULL DEFAULT 0, failed_at BIGINT NOT NULL DEFAULT 0, code TEXT NOT NULL DEFAULT '', gone_at BIGINT NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX push_device_mark ON push_device(mark);
CREATE INDEX push_device_officer ON push_device(officer_id, made_at);

CREATE TABLE push_key (office_id TEXT PRIMARY KEY, public TEXT NOT NULL, private BYTEA NOT NULL, made_at BIGINT NOT NULL);

CREATE TABLE push_mute (officer_id TEXT NOT NULL, kind TEXT NOT NULL, PRIMARY KEY (officer_id, kind));

CREATE TABLE push_notice (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, officer_id TEXT NOT NULL, device_id TEXT NOT NULL,
  kind TEXT NOT NULL,                -- given approval halted trial
  record_id TEXT NOT NULL, pressing BOOLEAN NOT NULL,
  state TEXT NOT NULL,               -- queued sending sent failed unsure stale
  code TEXT NOT NULL DEFAULT '', tries BIGINT NOT NULL DEFAULT 0, made_at BIGINT NOT NULL, not_before BIGINT NOT NULL, until_at BIGINT NOT NULL,
  lease_by TEXT NOT NULL DEFAULT '', lease_until BIGINT NOT NULL DEFAULT 0, done_at BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX push_notice_device ON push_notice(device_id, state);
CREATE INDEX push_notice_due ON push_notice(not_before, id) WHERE state = 'queued';
CREATE INDEX push_notice_lost ON push_notice(lease_until) WHERE state = 'sending';
CREATE INDEX push_notice_made ON push_notice(made_at);

CREATE VIEW question AS SELECT * FROM question_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM question_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE question_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '',
  person_id TEXT NOT NULL DEFAULT '', segment_id TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT '',
  text TEXT NOT NULL, folded TEXT NOT NULL, n BIGINT NOT NULL DEFAULT 1, owner_id TEXT NOT NULL DEFAULT '', promised BOOLEAN NOT NULL DEFAULT FALSE,
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX question_change ON question_fact(office_id, change_no);
CREATE INDEX question_corrects ON question_fact(corrects) WHERE corrects <> '';
CREATE INDEX question_day ON question_fact(office_id, happened_on);
CREATE INDEX question_folded ON question_fact(office_id, folded);
CREATE INDEX question_person ON question_fact(person_id) WHERE person_id <> '';
CREATE INDEX question_session ON question_fact(session_id) WHERE session_id <> '';

CREATE TABLE ready_answer (
  id TEXT NOT NULL, version BIGINT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, key TEXT NOT NULL DEFAULT '', topic TEXT NOT NULL, texts TEXT NOT NULL, cites TEXT NOT NULL,
  from_on TEXT NOT NULL, until_on TEXT NOT NULL DEFAULT '',
  state TEXT NOT NULL,               -- draft submitted approved withdrawn
  why TEXT NOT NULL DEFAULT '', author_id TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '', created_at BIGINT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  change_no BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (id, version)
);
CREATE INDEX ready_answer_office ON ready_answer(office_id, state, topic);

CREATE TABLE reconciliation (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, month TEXT NOT NULL, scheme TEXT NOT NULL, file_name TEXT NOT NULL,
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, matched BIGINT NOT NULL, differ BIGINT NOT NULL, only_list BIGINT NOT NULL, only_loa BIGINT NOT NULL,
  signed_at BIGINT NOT NULL DEFAULT 0, signed_by TEXT NOT NULL DEFAULT ''
, area_id TEXT NOT NULL DEFAULT '', skipped BIGINT NOT NULL DEFAULT 0, state TEXT NOT NULL DEFAULT 'done', error TEXT NOT NULL DEFAULT '', rows_done BIGINT NOT NULL DEFAULT 0, rows_total BIGINT NOT NULL DEFAULT 0, sha256 TEXT NOT NULL DEFAULT '');
CREATE INDEX reconciliation_office ON reconciliation(office_id, month, made_at);

CREATE TABLE reconciliation_line (
  reconciliation_id TEXT NOT NULL, no BIGINT NOT NULL, outcome TEXT NOT NULL, -- matched differ only_list only_loa
  person_id TEXT NOT NULL DEFAULT '', area_id TEXT NOT NULL DEFAULT '', official TEXT NOT NULL DEFAULT '', ours TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (reconciliation_id, no)
);
CREATE INDEX reconciliation_line_outcome ON reconciliation_line(reconciliation_id, outcome, no);

CREATE TABLE reply (
  delivery_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, about_kind TEXT NOT NULL DEFAULT '', about_id TEXT NOT NULL DEFAULT '', purpose TEXT NOT NULL,
  title TEXT NOT NULL DEFAULT '', text TEXT NOT NULL, reply_to TEXT NOT NULL DEFAULT '', template TEXT NOT NULL DEFAULT '', params TEXT NOT NULL DEFAULT '{}', media TEXT NOT NULL DEFAULT '[]',
  author_id TEXT NOT NULL, created_at BIGINT NOT NULL
);
CREATE INDEX reply_about ON reply(about_id, created_at) WHERE about_id <> '';

CREATE TABLE script (
  id TEXT NOT NULL, version BIGINT NOT NULL, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, scheme TEXT NOT NULL DEFAULT '', purpose TEXT NOT NULL,
  from_on TEXT NOT NULL DEFAULT '', until_on TEXT NOT NULL DEFAULT '', texts TEXT NOT NULL,
  state TEXT NOT NULL,               -- draft submitted approved withdrawn
  why TEXT NOT NULL DEFAULT '', synthetic BOOLEAN NOT NULL DEFAULT FALSE, author_id TEXT NOT NULL, changed_by TEXT NOT NULL DEFAULT '',
  created_at BIGINT NOT NULL, approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0, support_group TEXT NOT NULL DEFAULT '', PRIMARY KEY (id, version)
);
CREATE INDEX script_office ON script(office_id, state, folded);

CREATE TABLE segment (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, code TEXT NOT NULL DEFAULT '', name TEXT NOT NULL, folded TEXT NOT NULL,
  rule TEXT NOT NULL, ready BOOLEAN NOT NULL DEFAULT FALSE, -- ready: came with Loa, its name is a code of the catalogue
  sort BIGINT NOT NULL DEFAULT 0, retired_at BIGINT NOT NULL DEFAULT 0,
  changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX segment_office ON segment(office_id, sort);

CREATE TABLE session (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, form TEXT NOT NULL,
  title TEXT NOT NULL, folded TEXT NOT NULL, theme TEXT NOT NULL DEFAULT '', place TEXT NOT NULL DEFAULT '',
  on_day TEXT NOT NULL, start_min BIGINT NOT NULL DEFAULT 0, end_min BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL,               -- planned held cancelled
  why TEXT NOT NULL DEFAULT '',      -- reason for cancelling
  household_id TEXT NOT NULL DEFAULT '', market_id TEXT NOT NULL DEFAULT '', festival_id TEXT NOT NULL DEFAULT '', employer_id TEXT NOT NULL DEFAULT '',
  expected BIGINT NOT NULL DEFAULT 0, materials TEXT NOT NULL DEFAULT '', leaflets BIGINT NOT NULL DEFAULT 0,
  checklist TEXT NOT NULL DEFAULT '', -- lines, a ticked one begins with x
  minutes TEXT NOT NULL DEFAULT '', details TEXT NOT NULL DEFAULT '', -- fields of one form only, opaque JSON
  officer_min BIGINT NOT NULL DEFAULT 0, travel_km BIGINT NOT NULL DEFAULT 0, travel_cost BIGINT NOT NULL DEFAULT 0,
  material_cost BIGINT NOT NULL DEFAULT 0, other_cost BIGINT NOT NULL DEFAULT 0,
  held_at BIGINT NOT NULL DEFAULT 0, created_at BIGINT NOT NULL, created_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0, change_no BIGINT NOT NULL DEFAULT 0
, public TEXT NOT NULL DEFAULT '');
CREATE INDEX session_area ON session(area_id, on_day);
CREATE INDEX session_change ON session(office_id, change_no);
CREATE INDEX session_day ON session(office_id, on_day, id);
CREATE INDEX session_employer ON session(employer_id, on_day) WHERE employer_id <> '';
CREATE INDEX session_folded ON session(folded);

CREATE TABLE session_officer (session_id TEXT NOT NULL, officer_id TEXT NOT NULL, PRIMARY KEY (session_id, officer_id));
CREATE INDEX session_officer_officer ON session_officer(officer_id);

CREATE TABLE session_partner (session_id TEXT NOT NULL, partner_id TEXT NOT NULL, confirmed_on TEXT NOT NULL DEFAULT '', letter_no BIGINT NOT NULL DEFAULT 0, letter_on TEXT NOT NULL DEFAULT '', token TEXT NOT NULL DEFAULT '', PRIMARY KEY (session_id, partner_id));
CREATE INDEX session_partner_partner ON session_partner(partner_id);
CREATE INDEX session_partner_token ON session_partner(token) WHERE token <> '';

CREATE TABLE session_segment (session_id TEXT NOT NULL, segment_id TEXT NOT NULL, snapshot_id TEXT NOT NULL DEFAULT '', PRIMARY KEY (session_id, segment_id));
CREATE INDEX session_segment_segment ON session_segment(segment_id);

CREATE TABLE session_sheet (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, session_id TEXT NOT NULL,
  code TEXT NOT NULL,                -- four letters printed on the sheet
  people TEXT NOT NULL,              -- person ids separated by blanks, in the order of the rows
  blank BIGINT NOT NULL,             -- empty rows after them
  made_at BIGINT NOT NULL, made_by TEXT NOT NULL, keyed_at BIGINT NOT NULL DEFAULT 0, keyed_by TEXT NOT NULL DEFAULT ''
, kind TEXT NOT NULL DEFAULT 'attendance');
CREATE INDEX session_sheet_session ON session_sheet(session_id, made_at);

CREATE TABLE setting (
  office_id TEXT NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL,
  changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL,
  PRIMARY KEY (office_id, key)
);

CREATE TABLE snapshot (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, segment_id TEXT NOT NULL, area_id TEXT NOT NULL,
  rule TEXT NOT NULL, used_by TEXT NOT NULL, used_id TEXT NOT NULL, -- session matrix print export
  as_of_on TEXT NOT NULL, taken_at BIGINT NOT NULL, taken_by TEXT NOT NULL, n BIGINT NOT NULL,
  members BYTEA NOT NULL
);
CREATE INDEX snapshot_segment ON snapshot(segment_id, taken_at);
CREATE INDEX snapshot_used ON snapshot(used_id);

CREATE TABLE snapshot_part (snapshot_id TEXT NOT NULL, last_id TEXT NOT NULL, members BYTEA NOT NULL, PRIMARY KEY (snapshot_id, last_id));

CREATE TABLE spell (
  person_id TEXT NOT NULL, scheme TEXT NOT NULL, no BIGINT NOT NULL,
  office_id TEXT NOT NULL, area_id TEXT NOT NULL,
  starts_on TEXT NOT NULL, start_kind TEXT NOT NULL, -- joined returned
  covered_until TEXT NOT NULL, payer TEXT NOT NULL, method TEXT NOT NULL,
  ends_on TEXT NOT NULL, end_kind TEXT NOT NULL,     -- first day no longer in; lapsed left, '' while open
  reason TEXT NOT NULL DEFAULT '', lead_id TEXT NOT NULL DEFAULT '', collector_id TEXT NOT NULL DEFAULT '',
  PRIMARY KEY (person_id, scheme, no)
);
CREATE INDEX spell_due ON spell(scheme, payer, covered_until, area_id, person_id);
CREATE INDEX spell_ends ON spell(scheme, ends_on, end_kind, area_id, person_id);
CREATE INDEX spell_lead ON spell(lead_id) WHERE lead_id <> '';
CREATE INDEX spell_starts ON spell(scheme, starts_on, start_kind, area_id, person_id);

CREATE TABLE station (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL,
  kind TEXT NOT NULL,                -- device axis commune announcer
  name TEXT NOT NULL, folded TEXT NOT NULL, channel_id TEXT NOT NULL DEFAULT '', device TEXT NOT NULL DEFAULT '', secret TEXT NOT NULL DEFAULT '',
  volume BIGINT NOT NULL, languages TEXT NOT NULL, keeper TEXT NOT NULL DEFAULT '', phone TEXT NOT NULL DEFAULT '', slots TEXT NOT NULL DEFAULT '[]',
  earshot TEXT NOT NULL DEFAULT '',  -- the villages in station_earshot, as the record's history tells them
  note TEXT NOT NULL DEFAULT '', synthetic BOOLEAN NOT NULL DEFAULT FALSE, retired_at BIGINT NOT NULL DEFAULT 0,
  online BOOLEAN NOT NULL DEFAULT FALSE, online_at BIGINT NOT NULL DEFAULT 0, seen_at BIGINT NOT NULL DEFAULT 0, report TEXT NOT NULL DEFAULT '',
  changed_at BIGINT NOT NULL DEFAULT 0, -- what the device must be told of: its schedule or its volume
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX station_changed ON station(channel_id, changed_at) WHERE channel_id <> '';
CREATE UNIQUE INDEX station_device ON station(device) WHERE device <> '';
CREATE INDEX station_office ON station(office_id, folded, id);

CREATE TABLE station_earshot (station_id TEXT NOT NULL, area_id TEXT NOT NULL, PRIMARY KEY (station_id, area_id));
CREATE INDEX station_earshot_area ON station_earshot(area_id);

CREATE TABLE story (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL, person_id TEXT NOT NULL,
  schemes TEXT NOT NULL, audiences TEXT NOT NULL,
  how TEXT NOT NULL, proof TEXT NOT NULL, attachment_id TEXT NOT NULL, consent_by TEXT NOT NULL, consent_on TEXT NOT NULL, consent_until TEXT NOT NULL,
  state TEXT NOT NULL,                -- draft approved withdrawn
  synthetic BOOLEAN NOT NULL DEFAULT FALSE,
  created_at BIGINT NOT NULL, created_by TEXT NOT NULL, changed_by TEXT NOT NULL,
  approved_at BIGINT NOT NULL DEFAULT 0, approved_by TEXT NOT NULL DEFAULT '',
  ended_at BIGINT NOT NULL DEFAULT 0, ended_by TEXT NOT NULL DEFAULT '', why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL
);
CREATE INDEX story_office ON story(office_id, state, consent_until);
CREATE INDEX story_person ON story(person_id) WHERE person_id <> '';

CREATE TABLE story_text (
  story_id TEXT NOT NULL, lang TEXT NOT NULL, change TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (story_id, lang)
);

CREATE TABLE story_use (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, story_id TEXT NOT NULL, kind TEXT NOT NULL, ref TEXT NOT NULL, batch TEXT NOT NULL, copies BIGINT NOT NULL,
  used_at BIGINT NOT NULL, used_by TEXT NOT NULL
);
CREATE INDEX story_use_story ON story_use(story_id, used_at);

CREATE TABLE target (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, employer_id TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '',
  scheme TEXT NOT NULL, measure TEXT NOT NULL DEFAULT 'participation', -- participation joined
  year BIGINT NOT NULL, month BIGINT NOT NULL, value BIGINT NOT NULL,
  revision BIGINT NOT NULL, in_force_on TEXT NOT NULL, document TEXT NOT NULL DEFAULT '',
  recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL
, withdrawn BOOLEAN NOT NULL DEFAULT FALSE, import_id TEXT NOT NULL DEFAULT '');
CREATE INDEX target_year ON target(office_id, year, scheme);

CREATE TABLE touch_count (office_id TEXT NOT NULL, mark TEXT NOT NULL, to_on TEXT NOT NULL, counts TEXT NOT NULL, taken_at BIGINT NOT NULL, took_ms BIGINT NOT NULL, PRIMARY KEY (office_id, mark));

CREATE TABLE turn (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, conversation_id TEXT NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL DEFAULT '', media TEXT NOT NULL DEFAULT '',
  ref TEXT NOT NULL DEFAULT '', thread TEXT NOT NULL DEFAULT '', name TEXT NOT NULL DEFAULT '', said_at BIGINT NOT NULL, officer_id TEXT NOT NULL DEFAULT '',
  answer_id TEXT NOT NULL DEFAULT '', answer_version BIGINT NOT NULL DEFAULT 0, question_id TEXT NOT NULL DEFAULT '', gone_at BIGINT NOT NULL DEFAULT 0,
  state TEXT NOT NULL DEFAULT '', code TEXT NOT NULL DEFAULT ''
);
CREATE INDEX turn_conversation ON turn(conversation_id, said_at, id);
CREATE INDEX turn_ref ON turn(office_id, ref) WHERE ref <> '';

CREATE VIEW visit AS SELECT * FROM visit_fact f
 WHERE NOT f.void AND NOT EXISTS (SELECT 1 FROM visit_fact c WHERE c.corrects = f.id AND c.corrects <> '');

CREATE TABLE visit_fact (
  id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, session_id TEXT NOT NULL DEFAULT '',
  household_id TEXT NOT NULL DEFAULT '', person_id TEXT NOT NULL DEFAULT '', form TEXT NOT NULL DEFAULT 'visit',
  outcome TEXT NOT NULL,             -- met not_home interested refused call_back promised
  note TEXT NOT NULL DEFAULT '', next_on TEXT NOT NULL DEFAULT '',
  happened_on TEXT NOT NULL, happened_at BIGINT NOT NULL, recorded_at BIGINT NOT NULL, recorded_by TEXT NOT NULL,
  device TEXT NOT NULL DEFAULT '', device_seq BIGINT NOT NULL DEFAULT 0,
  corrects TEXT NOT NULL DEFAULT '', void BOOLEAN NOT NULL DEFAULT FALSE, why TEXT NOT NULL DEFAULT '', change_no BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX visit_change ON visit_fact(office_id, change_no);
CREATE INDEX visit_corrects ON visit_fact(corrects) WHERE corrects <> '';
CREATE INDEX visit_household ON visit_fact(household_id, happened_on) WHERE household_id <> '';
CREATE INDEX visit_person ON visit_fact(person_id, happened_on) WHERE person_id <> '';
CREATE INDEX visit_session ON visit_fact(session_id) WHERE session_id <> '';

CREATE TABLE word (term BIGINT NOT NULL, record_id TEXT NOT NULL, PRIMARY KEY (term, record_id));
