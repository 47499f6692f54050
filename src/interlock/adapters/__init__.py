"""The world outside: SQL, Parquet, keys, clock, files, pages."""
