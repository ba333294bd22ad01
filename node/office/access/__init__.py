"""Who may enter: enrolment codes, passkeys and signed-in sessions."""
