sign-in-title = Sign in
sign-in-passkey = Passkey
sign-in-passkey-hint = Use your device's fingerprint, face or PIN. There is nothing to remember.
sign-in-passkey-button = Sign in with a passkey
sign-in-passkey-absent = This browser cannot use passkeys here (JavaScript is needed). You can sign in with a password below.
sign-in-passkey-failed = The passkey could not be verified. Try again, or use your password.
sign-in-password = Password and one-time code
sign-in-account = Sign-in name
sign-in-password-label = Password
sign-in-code = One-time code
sign-in-code-hint = Six digits from your authenticator app. Without it, enter a recovery code.
sign-in-button = Sign in
sign-in-lost = If you cannot sign in, ask the administrator in your organization for a new invitation link. Urgent reports are taken by telephone.
sign-in-refused = The sign-in name, the password or the code is wrong.
sign-in-too-many = { $minutes ->
    [one] There were too many wrong tries. Wait one minute, then try again.
   *[other] There were too many wrong tries. Wait { $minutes } minutes, then try again.
}
sign-in-busy = Many people are signing in at this moment. Wait a few seconds, then try again.
