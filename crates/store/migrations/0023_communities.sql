-- Which community an organization was put into or taken out of, among what changed for its members.

-- NULL when it was about no community.
ALTER TABLE member_event ADD COLUMN community_id TEXT REFERENCES community (community_id);
