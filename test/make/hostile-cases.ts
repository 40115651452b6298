/**
 * The hostile cases that must be held, each by at least one test that names it in its title, so that a case cannot lose its
 * test unseen. The letter and the number are the name of the case everywhere.
 */
export const hostileCases = [
  "H001", // starts without a webhook secret
  "H002", // starts without its credentials, or with Probot's setup pages
  "H003", // a signature that is not as it should be
  "H004", // a body without end
  "H005", // connections that drip
  "H006", // a captured body under a new delivery id
  "H007", // the same delivery at two replicas
  "H008", // a redelivery of what was not stored
  "H009", // a body under the name of another event
  "H010", // events in any order
  "H011", // a database that is away
  "H012", // webhooks that never arrive
  "H013", // a pull request that changes the policy
  "H014", // patterns that could stop a matcher
  "H015", // a policy with a fault
  "H016", // a policy that is absent, denied, or could not be read
  "H017", // a pull request that goes to another branch and back
  "H018", // one commit in two pull requests
  "H019", // what an organisation locks
  "H020", // a policy that refers to another file
  "H021", // an architect who wrote the change
  "H022", // an architect who pushed or committed
  "H023", // bots that approve
  "H024", // a model that changes after its approval
  "H025", // other files that change after it
  "H026", // a review of an old page
  "H027", // one reviewer, several reviews
  "H028", // an approver who leaves the team
  "H029", // a team that cannot be looked up
  "H030", // a team that holds nobody who may
  "H031", // a name that another person took
  "H032", // approval by text, and commands that are none
  "H033", // authors that git names
  "H034", // a patch by whom it is not allowed
  "H035", // groups of a merge queue
  "H036", // a check of our name by another App
  "H037", // a comment with our marker by somebody else
  "H038", // our marker inside other people's words
  "H039", // texts of ours that people change
  "H040", // drafts
  "H041", // an older evaluation that ends after a newer one
  "H042", // a head that moves meanwhile
  "H043", // a process that is killed
  "H044", // an answer that is lost
  "H045", // four hundred findings
  "H046", // a place that cannot be commented on
  "H047", // mentions
  "H048", // HTML, images and links
  "H049", // hostile file names
  "H050", // titles of any length
  "H051", // references in values
  "H052", // ids that only look alike
  "H053", // values that forge lines of a log
  "H054", // secrets in what we write
  "H055", // aliases that unfold
  "H056", // a model that holds the parser for half a minute
  "H057", // a model that ends the process
  "H058", // forty thousand keys
  "H059", // a key given twice
  "H060", // headers, anchors and merge keys that bring something in
  "H061", // XML, JSON, Markdown and drawings built to hurt
  "H062", // keys that every object has
  "H063", // tags and several documents
  "H064", // what is not whole UTF-8
  "H065", // what cannot be a model
  "H066", // models too large
  "H067", // links, submodules, folders, and paths that lead out
  "H068", // a model that was touched and not updated
  "H069", // days that are none, and dates that lie
  "H070", // whole days, wherever the host stands
  "H071", // days that pass, and a policy that changes
  "H072", // a threat that was deleted
  "H073", // an id that names another threat
  "H074", // a mitigation without a control
  "H075", // an acceptance that nobody may give
  "H076", // deliverables filled with nothing
  "H077", // changes that hide from a reader of the difference
  "H078", // more files than GitHub lists
  "H079", // one call in five that goes wrong
  "H080", // an outage of an hour
  "H081", // limits of every form, each installation by itself
  "H082", // a token that ends in the middle
  "H083", // old answers after a push
  "H084", // answers that are none
  "H085", // a clock that is wrong
  "H086", // a job that kills its process
  "H087", // a flood of one installation
  "H088", // checks of other Apps, and our own writes
  "H089", // names that change hands
  "H090", // installations that end
  "H091", // repositories that refuse the lesser outputs
  "H092", // forks and deleted accounts
  "H093", // names that are not ours to use
  "H094", // two organisations with the same names
  "H095", // open threats in public places
  "H096", // the dashboard, for whoever may not see it
  "H097", // signing in
  "H098", // hostile values on pages
  "H099", // requests from other origins
  "H100", // addresses in a policy
] as const;
