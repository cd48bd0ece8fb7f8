-- With each form that is accepted, the salts of those whose receipts are not repeated any more are
-- destroyed: they are few, among all forms that are remembered.
CREATE INDEX submission_with_salt ON submission (repeat_until) WHERE salt IS NOT NULL;
