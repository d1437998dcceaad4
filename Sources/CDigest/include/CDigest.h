#ifndef CDIGEST_H
#define CDIGEST_H

/// The SHA-256 digest of a file's bytes, read in pieces.
///
/// The corresponding OpenSSL routines are `EVP_DigestInit_ex`, `EVP_DigestUpdate` and
/// `EVP_DigestFinal_ex`.
///
/// @param path a file that can be read.
/// @param hexadecimal room for 64 digits and a terminating zero.
/// @return 0, or an errno value.
int digest_sha256_file(const char *_Nonnull path, char *_Nonnull hexadecimal);

#endif
