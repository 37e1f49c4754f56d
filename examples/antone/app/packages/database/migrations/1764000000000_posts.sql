-- Up Migration
CREATE TABLE posts (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  platform text NOT NULL,
  body text NOT NULL,
  publish_at timestamptz NOT NULL,
  status text NOT NULL DEFAULT 'scheduled',
  published_at timestamptz,
  detail text,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX posts_by_time ON posts (publish_at DESC, id);

-- A line each time a post went out: never two for one post.
CREATE TABLE publications (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  post_id uuid NOT NULL REFERENCES posts (id) ON DELETE CASCADE,
  published_at timestamptz NOT NULL DEFAULT now()
);
