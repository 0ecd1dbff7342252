"""Sessions with several filters: find the filters, stack each on the same pixel grid, combine the stacks."""
