internal import StaticAssets

/// Django's file names that depend on the content.
///
/// Source: `HashedFilesMixin.hashed_name` and `FileSystemStorage._save` of Django 6.1.
enum HashedName {
  /// The reason why a name cannot be published; Django fails on it too.
  enum Unusable: Error {
    /// Its percent-decoded form is not a URL.
    case malformed
    /// Its percent-decoded form leads out of the root.
    case outsideRoot
  }

  /// The name under which the file `name` with the digest `md5` is published.
  ///
  /// - Parameters:
  ///   - name: the destination below the root, including backslashes.
  ///   - md5: lower-case hexadecimal digits, of which twelve are used.
  static func published(_ name: [UInt8], md5: [UInt8]) throws(Unusable) -> BytePath {
    let hashed: [UInt8]
    do throws(URLParts.Malformed) {
      hashed = try withHash(name, md5: md5)
    } catch {
      throw .malformed
    }
    guard !hashed.contains(0) else { throw .malformed }
    // The file is saved under the root, and named by its resulting path.
    let published = clean(PosixPath.normalize(hashed))
    guard PosixPath.isPlain(published) else { throw .outsideRoot }
    return BytePath(published)
  }

  /// `name`, as a URL, with the hash before its extension; query and fragment stay at the end.
  static func withHash(_ name: [UInt8], md5: [UInt8]) throws(URLParts.Malformed) -> [UInt8] {
    var parts = try URLParts(PercentEncoding.decode(name))
    let (directory, base) = PosixPath.split(UnicodeText.strip(parts.path))
    let (stem, suffix) = PosixPath.splitExtension(base)
    parts.path = PosixPath.join(directory, stem + [UInt8(ascii: ".")] + md5.prefix(12) + suffix)
    // For `url(font.eot?#iefix)`, whose empty query must be kept.
    if name.contains("?#"), parts.query.isEmpty { parts.path.append(UInt8(ascii: "?")) }
    return parts.text
  }

  /// Django's `clean_name`: slashes for backslashes.
  static func clean(_ name: [UInt8]) -> [UInt8] {
    name.map { $0 == UInt8(ascii: "\\") ? UInt8(ascii: "/") : $0 }
  }
}

extension [UInt8] {
  /// Whether these bytes contain the bytes of `text`.
  func contains(_ text: StaticString) -> Bool {
    let pattern = Array(text.description.utf8)
    guard count >= pattern.count else { return false }
    return indices.dropLast(pattern.count - 1).contains { self[$0...].starts(with: pattern) }
  }
}
