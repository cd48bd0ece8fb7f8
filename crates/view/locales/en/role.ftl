role-staff = Staff
role-duty-officer = Duty officer
role-analyst = Analyst
role-officer = Officer
role-administrator = Administrator
role-auditor = Auditor
role-custodian = Custodian
role-flow-analyst = Flow analyst
