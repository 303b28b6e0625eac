-- +goose Up
-- A loudspeaker, or whoever stands in for one. A device's password is never kept, only what it is known by. What it tells of itself
-- (online, seen, report) is no change of the record.
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
CREATE INDEX station_office ON station(office_id, folded, id);
CREATE UNIQUE INDEX station_device ON station(device) WHERE device <> '';
CREATE INDEX station_changed ON station(channel_id, changed_at) WHERE channel_id <> '';

-- The villages that hear a station.
CREATE TABLE station_earshot (station_id TEXT NOT NULL, area_id TEXT NOT NULL, PRIMARY KEY (station_id, area_id));
CREATE INDEX station_earshot_area ON station_earshot(area_id);

-- One announcement at one station: what was planned, what became of it, who says so. It has the ID of its delivery.
CREATE TABLE play (
  delivery_id TEXT PRIMARY KEY, office_id TEXT NOT NULL, area_id TEXT NOT NULL, station_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, priority TEXT NOT NULL,
  at BIGINT NOT NULL, seconds BIGINT NOT NULL DEFAULT 0, repeat_n BIGINT NOT NULL DEFAULT 1, until_at BIGINT NOT NULL,
  state TEXT NOT NULL,               -- planned accepted downloaded playing missed rejected failed preempted cancelled played
  why TEXT NOT NULL DEFAULT '', played_ms BIGINT NOT NULL DEFAULT 0, proof TEXT NOT NULL DEFAULT '', officer_id TEXT NOT NULL DEFAULT '', proved_at BIGINT NOT NULL DEFAULT 0,
  heads BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX play_station ON play(station_id, at, delivery_id);
CREATE INDEX play_office ON play(office_id, at, delivery_id);
CREATE INDEX play_open ON play(until_at) WHERE state IN ('planned', 'accepted', 'downloaded', 'playing');
CREATE INDEX play_broadcast ON play(broadcast_id, station_id);

-- One play that the people of one village could hear: counted for the village, never for a person.
CREATE TABLE exposure (
  delivery_id TEXT NOT NULL, village_id TEXT NOT NULL, office_id TEXT NOT NULL, broadcast_id TEXT NOT NULL, station_id TEXT NOT NULL,
  at BIGINT NOT NULL, happened_on TEXT NOT NULL, people BIGINT NOT NULL, PRIMARY KEY (delivery_id, village_id)
);
CREATE INDEX exposure_village ON exposure(village_id, happened_on);
CREATE INDEX exposure_office ON exposure(office_id, happened_on);
CREATE INDEX delivery_place ON delivery(place_id, broadcast_id) WHERE place_id <> '';
