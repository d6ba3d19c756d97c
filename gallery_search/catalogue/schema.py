# SPDX-License-Identifier: MIT
"""The schemas of the databases as lists of migrations; released entries never change."""

CATALOGUE = (
    """
    CREATE TABLE folders (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL UNIQUE,           -- os.fsencode of the absolute path
        display TEXT NOT NULL                -- the same for people
    );
    CREATE TABLE photos (
        id INTEGER PRIMARY KEY AUTOINCREMENT, -- never used again, so a stale id finds nothing
        folder_id INTEGER NOT NULL REFERENCES folders (id) ON DELETE CASCADE,
        directory BLOB NOT NULL,             -- below the folder, with '/', empty for the folder
        name BLOB NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('pending', 'indexed', 'failed', 'gone')),
        size_bytes INTEGER NOT NULL,
        mtime_ns INTEGER NOT NULL,
        file_id TEXT,                        -- device and inode, where the system has them
        sorted_at INTEGER NOT NULL,          -- seconds: when taken, else when last changed
        content_hash BLOB,                   -- BLAKE2b-128; this and the rest once it was read
        width INTEGER,
        height INTEGER,
        image_format TEXT,
        taken_at INTEGER,
        failure TEXT,                        -- the reason, for state 'failed'
        is_transient INTEGER NOT NULL DEFAULT 0,
        UNIQUE (folder_id, directory, name)
    );
    CREATE INDEX photos_by_state ON photos (state, sorted_at DESC, id DESC);
    CREATE INDEX photos_by_file ON photos (file_id) WHERE file_id IS NOT NULL;
    CREATE INDEX photos_by_content ON photos (content_hash) WHERE content_hash IS NOT NULL;
    CREATE INDEX photos_newest ON photos (sorted_at DESC, id DESC)
        WHERE content_hash IS NOT NULL AND state IN ('pending', 'indexed');
    """,
    """
    CREATE TABLE forgotten (                 -- photos that are no longer here, while the other
        photo_id INTEGER PRIMARY KEY         -- databases may still keep something of them
    );
    CREATE TRIGGER photos_forgotten AFTER DELETE ON photos BEGIN
        INSERT OR IGNORE INTO forgotten VALUES (old.id);
    END;
    ALTER TABLE photos ADD COLUMN gone_at INTEGER; -- in seconds since 1970, for state 'gone'
    UPDATE photos SET gone_at = CAST(strftime('%s', 'now') AS INTEGER) WHERE state = 'gone';
    DROP INDEX photos_by_content;
    CREATE INDEX photos_by_content ON photos (content_hash, state)
        WHERE content_hash IS NOT NULL;
    CREATE TABLE folders_with_drives (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path BLOB NOT NULL,                  -- where it was last seen; two drives may share a place
        display TEXT NOT NULL,               -- the same for people
        volume TEXT,                         -- identity of the drive, once it was seen
        below BLOB NOT NULL DEFAULT x'',     -- path on that drive, with '/'
        drive TEXT NOT NULL DEFAULT '',      -- its name for people, '' for that of the system
        parent_id INTEGER REFERENCES folders (id) ON DELETE CASCADE -- the drive is mounted in it
    );
    INSERT INTO folders_with_drives (id, path, display) SELECT id, path, display FROM folders;
    DROP TABLE folders;
    ALTER TABLE folders_with_drives RENAME TO folders;
    CREATE INDEX photos_present ON photos (folder_id, directory) WHERE state != 'gone';
    CREATE TABLE photo_counts (              -- kept by the triggers below: counting takes too long
        folder_id INTEGER NOT NULL,
        state TEXT NOT NULL,
        photos INTEGER NOT NULL,
        PRIMARY KEY (folder_id, state)
    ) WITHOUT ROWID;
    INSERT INTO photo_counts SELECT folder_id, state, count(*) FROM photos GROUP BY 1, 2;
    CREATE TRIGGER photos_counted_in AFTER INSERT ON photos BEGIN
        INSERT INTO photo_counts VALUES (new.folder_id, new.state, 1)
            ON CONFLICT DO UPDATE SET photos = photos + 1;
    END;
    CREATE TRIGGER photos_counted_out AFTER DELETE ON photos BEGIN
        UPDATE photo_counts SET photos = photos - 1
            WHERE folder_id = old.folder_id AND state = old.state;
    END;
    CREATE TRIGGER photos_counted_anew AFTER UPDATE OF folder_id, state ON photos
    WHEN (old.folder_id, old.state) != (new.folder_id, new.state) BEGIN
        UPDATE photo_counts SET photos = photos - 1
            WHERE folder_id = old.folder_id AND state = old.state;
        INSERT INTO photo_counts VALUES (new.folder_id, new.state, 1)
            ON CONFLICT DO UPDATE SET photos = photos + 1;
    END;
    CREATE TABLE distinct_contents (         -- "not duplicates", as the user said
        first BLOB NOT NULL,                 -- content hashes, so that it holds wherever the
        second BLOB NOT NULL,                -- photos go; first <= second, both the same: copies
        PRIMARY KEY (first, second)          -- that are meant to be
    ) WITHOUT ROWID;
    """,
    """
    ALTER TABLE photos ADD COLUMN is_preview INTEGER NOT NULL DEFAULT 0; -- 1: all that is kept of
        -- it comes from a preview in its file, until it is read anew; if it cannot, `failure`
    CREATE INDEX photos_by_preview ON photos (folder_id, failure, sorted_at DESC, id DESC)
        WHERE is_preview AND state = 'indexed';
    """,
    """
    CREATE TABLE saved_searches (            -- by the user, with all that changes what is found
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        at_s INTEGER NOT NULL,               -- when, in seconds since 1970
        filters TEXT NOT NULL,               -- JSON of the fields of Filters that are set
        cut REAL,                            -- place on the cut's axis; NULL: not chosen
        identity BLOB UNIQUE                 -- of what is asked; NULL: may be there twice
    );
    CREATE TABLE saved_search_parts (
        search_id INTEGER NOT NULL REFERENCES saved_searches (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        source TEXT NOT NULL,                -- JSON: a path, a photo's id, words, or an image
        name TEXT NOT NULL,                  -- JSON, as names may hold what is no text
        weight REAL NOT NULL,
        content_hash BLOB,                   -- of a photo, which is found by it after a move
        thumbnail BLOB,                      -- JPEG
        image BLOB,                          -- JPEG to search with; NULL: the thumbnail
        PRIMARY KEY (search_id, place)
    );
    """,
)

EMBEDDINGS = (
    """
    CREATE TABLE embeddings (
        revision INTEGER PRIMARY KEY AUTOINCREMENT, -- rises with every change, never used again
        photo_id INTEGER NOT NULL,
        backbone TEXT NOT NULL,
        recipe INTEGER NOT NULL,
        is_live INTEGER NOT NULL,            -- 0: the photo is gone; kept, as it may come back
        content_hash BLOB NOT NULL,
        embedding BLOB NOT NULL,             -- float16, little-endian, unit length; or forgotten
        UNIQUE (photo_id, backbone, recipe)
    );
    CREATE INDEX embeddings_by_content ON embeddings (content_hash);
    CREATE INDEX embeddings_live ON embeddings (backbone, recipe, is_live, photo_id);
    """,
    """
    ALTER TABLE embeddings ADD COLUMN checksum INTEGER; -- of `checksums`; NULL: none was made
    """,
    """
    ALTER TABLE embeddings ADD COLUMN is_preview INTEGER NOT NULL DEFAULT 0; -- 1: of a preview
    """,
)

THUMBNAILS = (
    """
    CREATE TABLE thumbnails (
        photo_id INTEGER PRIMARY KEY,
        jpeg BLOB NOT NULL
    );
    """,
    """
    ALTER TABLE thumbnails ADD COLUMN checksum INTEGER; -- of `checksums`; NULL: none was made
    """,
)

HISTORY = (
    """
    CREATE TABLE recent_searches (           -- as `saved_searches`, but that none is there twice
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        name TEXT NOT NULL,
        at_s INTEGER NOT NULL,
        filters TEXT NOT NULL,
        cut REAL,
        identity BLOB UNIQUE
    );
    CREATE TABLE recent_search_parts (
        search_id INTEGER NOT NULL REFERENCES recent_searches (id) ON DELETE CASCADE,
        place INTEGER NOT NULL,
        source TEXT NOT NULL,
        name TEXT NOT NULL,
        weight REAL NOT NULL,
        content_hash BLOB,
        thumbnail BLOB,
        image BLOB,
        PRIMARY KEY (search_id, place)
    );
    """,
)
