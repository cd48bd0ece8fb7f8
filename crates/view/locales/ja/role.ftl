role-staff = 職員
role-duty-officer = 当番
role-analyst = 分析担当
role-officer = 承認者
role-administrator = 管理者
role-auditor = 監査担当
role-custodian = 鍵の保管者
role-flow-analyst = フロー分析担当
