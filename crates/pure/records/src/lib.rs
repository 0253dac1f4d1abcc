//! Records that a domain publishes about its mail: SPF, DMARC, DKIM, MTA-STS, TLSA, TLS-RPT, BIMI.
