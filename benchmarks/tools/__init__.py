"What the measurements share: clocks and tables, corpora and questions, other searches"
