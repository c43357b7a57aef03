import Foundation

/// Files in their codings, generated once with `brotli` and zlib, so that neither is needed to
/// compare.
enum StoredCodings {
  static let textBrotli = decoded(
    "H18J+B0JNi5yD+ZO1ApBZG4SxIWt3upgA04AAgvDCeW+oZSFRpKvew6YxfX55QEAAg=="
  )

  static let textGzip = decoded(
    """
    H4sIAAAAAAAC/3PMyVEozy/KVkjMS1HIy1coyEmsVMhNzE4tVkhUSCkFyqZl5qTqcTmOqhtVN6puVN2oulF1o+pG1Y2q\
    I0odAI97iXFgCQAA
    """
  )

  static let styleBrotli = decoded(
    """
    j6EDAICqqqrq/66XEx2Ocha9nURBAATkoKIKelNQ0P+76t9zb3XPqC5vY7grXiwsLGxsrOplRnXw4cOPwWAwjjNZVYPBYDAY\
    DOZQZ0QqSqNwWGgn2XuCbx3LL49pJ7IU6WxzzwpF+M3Lb926AQ==
    """
  )

  static let styleGzip = decoded(
    """
    H4sIAAAAAAAC/0vKT6lUqFbITSxKz8yzUjCwVihITEnJzEsHshVquZJGpUelR6VHpUelR6VHpbFLAwCaOvHTRAcAAA==
    """
  )

  private static func decoded(_ text: String) -> [UInt8] {
    guard let bytes = Data(base64Encoded: text) else {
      preconditionFailure("a fixture is not in base64")
    }
    return Array(bytes)
  }
}
