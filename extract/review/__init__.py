"""Review: flagged facts go to people, their verdicts come home.

decisions   what was decided, as lines of a file
verdicts    what decisions make of the rows of a document
queue       which facts go to review, and what is shown of each
names       names that may mean one organisation, and what is said of them
page        a fact as a page of doccano, and what a judged page says
doccano     how facts travel there and verdicts back
server      a doccano of one's own, on the loopback
agreement   how far reviewers agree
gold        reviewed documents as gold
exports     the facts as other annotation tools read them
"""
