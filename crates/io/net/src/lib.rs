//! The internet behind one door: names (DNS) and one guarded HTTP client.
