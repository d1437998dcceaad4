#include "CDigest.h"

#include <errno.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>

enum { piece_byte_count = 1 << 20 };

static int digest(FILE *file, EVP_MD_CTX *context, unsigned char *piece, unsigned char *bytes) {
  if (!EVP_DigestInit_ex(context, EVP_sha256(), NULL)) return EIO;
  size_t count;
  while ((count = fread(piece, 1, piece_byte_count, file)) > 0) {
    if (!EVP_DigestUpdate(context, piece, count)) return EIO;
  }
  if (ferror(file)) return errno ? errno : EIO;
  unsigned length = 0;
  return EVP_DigestFinal_ex(context, bytes, &length) && length == 32 ? 0 : EIO;
}

int digest_sha256_file(const char *path, char *hexadecimal) {
  FILE *file = fopen(path, "rb");
  if (!file) return errno;
  unsigned char bytes[EVP_MAX_MD_SIZE];
  unsigned char *piece = malloc(piece_byte_count);
  EVP_MD_CTX *context = EVP_MD_CTX_new();
  int status = piece && context ? digest(file, context, piece, bytes) : ENOMEM;
  EVP_MD_CTX_free(context);
  free(piece);
  fclose(file);
  if (status) return status;
  static const char digits[] = "0123456789abcdef";
  for (int index = 0; index < 32; index++) {
    hexadecimal[2 * index] = digits[bytes[index] >> 4];
    hexadecimal[2 * index + 1] = digits[bytes[index] & 15];
  }
  hexadecimal[64] = 0;
  return 0;
}
