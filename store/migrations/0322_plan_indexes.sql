-- +goose Up
-- What was sent from the inbox, by when it left, for the counts of a month: few among what broadcasts send.
CREATE INDEX delivery_reply ON delivery(office_id, sent_at) WHERE broadcast_id = '' AND sent_at > 0;
-- The openings of a month, whatever link they came through.
CREATE INDEX link_visit_day ON link_visit(on_day, link_id, people);
-- What is open, in the order in which it is due: what has no term comes last.
CREATE INDEX conversation_due ON conversation(office_id, (CASE WHEN due_at = 0 THEN 9223372036854775807 ELSE due_at END), id) WHERE state = 'open';
-- The conversations of an address, whichever account they came through.
CREATE INDEX conversation_to ON conversation(office_id, network, address) WHERE address <> '';
-- Who left a number and still waits to be called.
CREATE INDEX asker_call ON asker(question_id) WHERE phone <> '' AND outcome <> 'reached';
