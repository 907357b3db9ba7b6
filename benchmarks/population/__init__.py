"""Many tables instead of favourites: how often a contender is the soonest, and how far behind where it is not."""
