"Questions with the sections that answer them, labelled by hand, and figures that were measured once"
