-- Two reviewers may have the same draft open: a write names the revision it was made from.
ALTER TABLE review ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;

CREATE INDEX review_author_due ON review (author_due_at) WHERE author_due_at IS NOT NULL;
