"""A photo's row is its job: claims with a lease and a fencing token; messages carry an id and nothing else."""
