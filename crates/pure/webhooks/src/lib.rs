//! Notices of sending services about bounces and complaints: their signatures and their words.
