lines-label-known-name = name of a member organization
lines-label-organization = looks like the name of an organization or facility
lines-label-host = name of a machine or server
lines-label-internal-address = internal address
lines-label-mail = mail address
lines-label-phone = phone number
lines-label-ticket = ticket or reference number
lines-label-person = name of a person
