"""Which rules stay with the controller when the others run on a cluster."""


# MLflow's store is one SQLite file, which has no place on several nodes at once; a download
# needs the network that nodes often lack; the rest takes seconds, less than a submission.
# Packing and checking sets is not here: DF2K is 15 GB that are read, compared and hashed.
localrules:
    create_store,
    publish,
    download_set,
    summarise,
    table,
    paper_table,
    figure,
