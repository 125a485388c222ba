"""python load.dlt.py <file> <database>: loads a file with dlt, declared types, by its fastest reader."""

import sys

import dlt
from dlt.sources.filesystem import filesystem, read_csv_duckdb, read_jsonl, read_parquet

path, database = sys.argv[1:]
columns = {
    "id": "bigint", "account": "text", "owner": "text", "stage": "text", "amount": "decimal", "currency": "text",
    "score": "double", "is_open": "bool", "closed_on": "date", "updated_at": "timestamp", "quantity": "bigint", "note": "text",
}
folder, name = path.rsplit("/", 1)
if name.endswith("csv"):
    reader = read_csv_duckdb(use_pyarrow=True, chunk_size=100_000, header=True)
else:
    reader = read_parquet(chunksize=100_000, use_pyarrow=True) if name.endswith("parquet") else read_jsonl(chunksize=100_000)
resource = (filesystem(bucket_url=f"file://{folder}", file_glob=name) | reader).with_name("deals")
resource.apply_hints(columns={column: {"data_type": kind} for column, kind in columns.items()}, write_disposition="replace")
pipeline = dlt.pipeline("bench", pipelines_dir="pipelines", destination=dlt.destinations.duckdb(database), dataset_name="raw")
options = {} if name.endswith("csv") or name.endswith("parquet") else {"loader_file_format": "parquet"}
pipeline.run(resource, **options)
with pipeline.sql_client() as client:
    print(client.execute_sql("SELECT count(*) FROM deals")[0][0])
