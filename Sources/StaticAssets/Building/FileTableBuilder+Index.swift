/// Index files: the representation of a directory's URL.
extension FileTableBuilder {
  /// Whether the file at `path` has the name of the index file.
  func isIndex(_ path: ByteSlice) -> Bool {
    guard let indexFile = options.indexFile else { return false }
    return names[path].lastComponent.bytes.elementsEqual(indexFile.utf8)
  }

  /// Adds the index file `entry` at its directory's URL.
  ///
  /// The URL with the file's name and the URL without the trailing slash redirect to it (302), as
  /// in WhiteNoise.
  mutating func addIndex(_ entry: FileEntry, _ name: FilePath) {
    let slash = UInt8(ascii: "/")
    let directory = name.parent.bytes
    add(entry, at: directory.isEmpty ? [] : directory + [slash])
    add(redirect(to: Array("./".utf8)), at: name.bytes)
    let whole = (prefix + directory).split(separator: slash)
    // The prefix `/` cannot lose its slash.
    guard let last = whole.last else { return }
    var redirect = redirect(to: PercentEncoding.segment(last) + [slash])
    redirect.mount = mountNumber
    redirect.path = contents.arena.append([slash] + whole.joined(separator: [slash]))
    contents.entries.append(redirect)
  }

  /// A redirect entry without a URL; `location` is a relative reference, percent-encoded.
  private mutating func redirect(to location: [UInt8]) -> FileEntry {
    let head: HeadTemplate
    if let known = redirectHeads[location] {
      head = known
    } else {
      let policy = CachePolicy.maxAge(options.maxAge).fieldValue
      head = heads.redirect(to: location, cacheControl: policy, in: &contents.arena)
      redirectHeads[location] = head
    }
    contents.representations.append(
      Representation(
        coding: .identity,
        body: .none,
        byteCount: 0,
        entityTag: .none,
        contentType: .none,
        okHead: head,
        partialHead: head,
        notModifiedHead: head
      )
    )
    return FileEntry(
      path: .none,
      firstRepresentation: Int32(contents.representations.count - 1),
      representationCount: 1,
      kind: .redirect
    )
  }
}

/// Percent-encoding with upper-case digits, as Python's `urllib.parse.quote`.
enum PercentEncoding {
  /// Encodes one path segment: every character outside the unreserved set.
  ///
  /// The colon is encoded too: in the first segment of a relative reference it would end a scheme.
  ///
  /// Source: RFC 3986 §2.3 (unreserved characters), §4.2 (relative references).
  static func segment(_ bytes: some Sequence<UInt8>) -> [UInt8] { quote(bytes, safe: []) }

  /// Encodes a path; `/!*()'` stay as they are.
  ///
  /// Source: Django's `filepath_to_uri`, which `{% static %}` uses.
  static func path(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    quote(bytes, safe: Array("/!*()'".utf8))
  }

  private static func quote(_ bytes: some Sequence<UInt8>, safe: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    var result: [UInt8] = []
    for byte in bytes {
      switch byte {
      case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."),
        UInt8(ascii: "_"), UInt8(ascii: "~"):
        result.append(byte)
      case _ where safe.contains(byte):
        result.append(byte)
      default:
        result += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
      }
    }
    return result
  }
}
