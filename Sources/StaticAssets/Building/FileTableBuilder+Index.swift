/// Index files: what is sent for a directory.
extension FileTableBuilder {
  /// Whether the file at `path` is what is sent for the directory it is in.
  func isIndex(_ path: ByteSlice) -> Bool {
    guard let indexFile = options.indexFile else { return false }
    return names[path].lastComponent.bytes.elementsEqual(indexFile.utf8)
  }

  /// Gives the index file `entry` the URL of its directory, and lets its own and the one without
  /// the slash at the end lead there, as WhiteNoise does.
  mutating func addIndex(_ entry: FileEntry, _ name: FilePath) {
    let slash = UInt8(ascii: "/")
    let directory = name.parent.bytes
    add(entry, at: directory.isEmpty ? [] : directory + [slash])
    add(redirect(to: Array("./".utf8)), at: name.bytes)
    let whole = (prefix + directory).split(separator: slash)
    // The prefix `/` has no form without its slash.
    guard let last = whole.last else { return }
    var redirect = redirect(to: PercentEncoding.segment(last) + [slash])
    redirect.mount = mountNumber
    redirect.path = contents.arena.append([slash] + whole.joined(separator: [slash]))
    contents.entries.append(redirect)
  }

  /// An entry without a URL that leads to `location`, a relative reference.
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

/// Percent-encoding as Python's `quote` does it.
enum PercentEncoding {
  /// A segment of a path in which nothing has a meaning of its own.
  ///
  /// Source: RFC 3986 §2.3 (unreserved characters), §4.2: the colon of a first segment would make
  /// what is before it a scheme.
  static func segment(_ bytes: some Sequence<UInt8>) -> [UInt8] { quote(bytes, safe: []) }

  /// A path, in which slashes separate segments.
  ///
  /// Source: `filepath_to_uri` of Django, which `{% static %}` quotes with.
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
