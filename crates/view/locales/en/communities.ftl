communities-nav = Communities
communities-title = Communities
communities-lead = Organizations under the same rules. Whom a circle such as “members” means, is decided by who is in the community at that moment.
communities-lead-hub = All communities of this hub. Whoever is put in or taken out finds that on its own administrators’ page, and it is logged.
communities-lead-own = The communities that your organization is in, and those whose secretariat it is.
communities-none = Your organization is in no community
communities-none-why = The administrator of the hub or a community’s secretariat puts organizations in.
communities-own = You are in it
communities-run = You are its secretariat
communities-count = { $count ->
    [one] { $count } organization
   *[other] { $count } organizations
}
communities-secretariat = Secretariat
communities-secretariat-none = None
communities-secretariat-hint = It sees who is in the community.
communities-secretariat-missing = Choose the secretariat from the list.
communities-rules = Rules
communities-note = Note
communities-members = Organizations in it
communities-members-hidden = The organizations in this community do not see each other.
communities-members-none = Nobody is in it yet.
communities-take-out = Take out
communities-leave-own = Leave this community
communities-enter = Put an organization in
communities-enter-keeper = Choose among the organizations of this hub.
communities-enter-secretariat = A secretariat puts in only organizations that report to it. For others, ask the administrator of the hub.
communities-enter-past = Whoever is put in joins the circle of this community, also of what was shared with it before.
communities-find = Search by name
communities-find-press = Search
communities-candidates-none = No organization was found that can be put in.
communities-more = { $count ->
    [one] There is { $count } more. Search for a name.
   *[other] There are { $count } more. Search for a name.
}
communities-put-in = Put in
communities-joined = The organization is in the community now. Its administrators see that on their page.
communities-left = The organization is no longer in the community. Its administrators see that on their page.
communities-founded = The community has been founded.
communities-said-changed = Something has changed since you opened the page. Look at it once more.
communities-leave-own-title = Leave { $community }
communities-leave-title = Take { $member } out of { $community }
communities-ends = What ends
communities-ends-members = It is no longer in the circle of the members: what was shared with that circle is not found any more, nor is what came before. Copies stay under the terms they came with.
communities-ends-cross-sector = It is no longer in the circle of the operators of all sectors: what was shared with that circle is not found any more, nor is what came before. Copies stay under the terms they came with.
communities-ends-clerk = The secretariat can no longer write down what this organization tells by phone or fax.
communities-ends-addressed = Advisories that are addressed to the whole community from now on do not reach it.
communities-stays = What stays
communities-stays-advisories = Advisories that were issued already keep their addressees: they can be read and answered.
communities-stays-own-reports = Reports that this organization sent go on as before, with their receipts and questions.
communities-stays-shared = What this organization shared stays with those who can read it.
communities-stays-reporting = Reports go to the same secretariat as before, and it can write down what is told by phone.
communities-leave-at-once = This takes effect at once.
communities-leave-again = To come back, the administrator of the hub has to put the organization in again.
communities-leave-again-secretariat = To come back, the secretariat or the administrator of the hub has to put the organization in again.
communities-leave-own-press = Leave
communities-leave-press = Take out
communities-leave-not = Do nothing
communities-found = Found the { $regime }
communities-found-title = Found a community
communities-found-nothing = There is nothing to be founded. The communities of CEPTOARs and ISACs begin when their secretariat is entered.
communities-found-members = { $count ->
    [one] { $count } organization will be in it from the beginning; its administrators see that on their page.
   *[other] { $count } organizations will be in it from the beginning; their administrators see that on their page.
}
communities-found-press = Found
communities-found-already = It has been founded already, and there is only one in a hub.
