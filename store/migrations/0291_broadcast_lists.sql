-- +goose Up
-- Lists for people to work off: what is left, and what was done last.
CREATE INDEX delivery_hand ON delivery(broadcast_id, network, state, done_at) WHERE network IN ('call', 'visit');
