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
  mutating func addIndex(_ entry: FileEntry, _ name: BytePath) {
    let slash = UInt8(ascii: "/")
    let directory = name.parent.bytes
    add(entry, at: directory.isEmpty ? [] : directory + [slash])
    add(redirect(to: Array("./".utf8)), at: name.bytes)
    let whole = (prefix + directory).split(separator: slash)
    // The prefix `/` cannot lose its slash.
    guard let last = whole.last else { return }
    let path = [slash] + whole.joined(separator: [slash])
    // `/about` is the clean URL of `about.html`.
    guard !takenPaths.contains(path + Self.pageSuffix) else { return }
    var redirect = redirect(to: PercentEncoding.segment(last) + [slash])
    redirect.mount = mountNumber
    redirect.path = contents.arena.append(path)
    contents.entries.append(redirect)
  }

  /// A redirect entry without a URL; `location` is a relative reference, percent-encoded.
  mutating func redirect(
    to location: [UInt8],
    _ kind: FileEntry.Kind = .redirect
  ) -> FileEntry {
    let head: HeadTemplate
    let key = [kind.rawValue] + location
    if let known = redirectHeads[key] {
      head = known
    } else {
      head = heads.redirect(
        to: location,
        kind == .redirect ? .found : .permanentRedirect,
        cacheControl: CachePolicy.maxAge(options.maxAge).fieldValue,
        in: &contents.arena
      )
      redirectHeads[key] = head
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
      kind: kind
    )
  }
}
