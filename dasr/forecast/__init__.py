"""What a study will cost and what it can see, before it is started; reads, never writes."""
