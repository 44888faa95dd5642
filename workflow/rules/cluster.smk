"""Which rules stay with the controller when the others run on a cluster, and whether the
controller would hear of their end."""

from dasr.slurm import cluster_settings, require_status


# MLflow's store is one SQLite file, which has no place on several nodes at once; a download
# needs the network that nodes often lack; the rest takes seconds, less than a submission.
# Packing and checking sets is not here: DF2K is 15 GB that are read, compared and hashed.
localrules:
    create_store,
    publish,
    download_set,
    summarise,
    tables,
    figures,


def require_answers():
    """Refuse a Slurm cluster on which the study would wait for ever, without a word."""
    if workflow.executor_plugin.name != "slurm":
        return
    with one_line(leave=os._exit):
        require_status(workflow.executor_settings.status_command, cluster_settings())
