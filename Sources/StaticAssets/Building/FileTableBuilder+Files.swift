extension FileTableBuilder {
  /// Adds every file of the mount except stored codings of other files.
  mutating func addFiles() throws(AssetError) {
    planFiles()
    readBodies()
    if options.answersHashedNames { addUnhashedPaths() }
    if options.cleansURLs { noteTakenPaths() }
    contents.entries.reserveCapacity(contents.entries.count + plan.files.count)
    contents.representations.reserveCapacity(contents.representations.count + plan.variants.count)
    if contents.hasDeferredBodies {
      contents.storedFiles.reserveCapacity(contents.storedFiles.count + plan.variants.count)
    }
    for file in plan.files { try add(file) }
    if kind == .public { hideCodings() }
    if hiddenFileCount > 0 {
      warn("\(hiddenFileCount) files of '\(root)' are not served; --live has their URLs")
      hiddenFileCount = 0
    }
  }

  /// The index of the mount whose files are being added.
  var mountNumber: Int16 { Int16(contents.mounts.count - 1) }

  /// Records the URL paths of the files that are about to be added.
  private mutating func addUnhashedPaths() {
    for file in plan.files { unhashedPaths.insert(prefix, names[path(of: file)]) }
  }

  private mutating func add(_ file: BodyPlan.File) throws(AssetError) {
    guard !unhashedPaths.containsUnhashed(of: prefix, names[path(of: file)]), let entry = load(file)
    else {
      return
    }
    guard contents.arena.byteCount < UInt32.max else { throw .tooLarge(root: root.description) }
    let path = path(of: file)
    if !options.live.isEmpty,
      options.live.hides(prefix + names.bytes[path.range], of: contents.mounts[Int(mountNumber)])
    {
      hiddenFileCount += 1
      return
    }
    contents.fileCount += 1
    if isIndex(path) {
      addIndex(entry, names[path])
    } else if let name = cleanName(of: file, path) {
      addClean(entry, name, names[path])
    } else {
      add(entry, at: names.bytes[path.range])
    }
  }

  /// Adds `entry` at the URL path that consists of the mount's prefix and `name`.
  mutating func add(_ entry: FileEntry, at name: some Collection<UInt8>) {
    var entry = entry
    entry.mount = mountNumber
    let start = contents.arena.append(prefix)
    let rest = contents.arena.append(name)
    entry.path = ByteSlice(offset: Int(start.offset), count: Int(start.count + rest.count))
    contents.entries.append(entry)
  }

  /// Adds a 404 entry for the URL of each stored coding of a public mount; without the entry the
  /// request would be forwarded to the app.
  private mutating func hideCodings() {
    let entry = FileEntry(
      path: .none,
      firstRepresentation: 0,
      representationCount: 0,
      kind: .absent
    )
    for record in records where record.isCoding { add(entry, at: names.bytes[record.path.range]) }
  }

  /// Adds the representations of `file` and returns its entry, still without a URL.
  ///
  /// - Returns: nil, with a warning, when the file's own bytes cannot be loaded.
  mutating func load(_ file: BodyPlan.File, variesByAccept: Bool = false) -> FileEntry? {
    loaded.removeAll(keepingCapacity: true)
    for number in file.variants {
      let variant = plan.variants[number]
      if let body = body(number) {
        loaded.append(LoadedVariant(variant: variant, body: body))
      } else if variant.record == file.record {
        // A missing coding is left out; a file whose own bytes cannot be read is not served at all.
        return nil
      }
    }
    let first = contents.representations.count
    var fields = fields(of: file)
    fields.variesByAccept = variesByAccept
    let added = addedCodings(of: file, fields.contentType)
    let deltas = loadDeltas(of: file)
    fields.varies = loaded.count + added.count > 1
    // Caches may keep a response of this table after the next table has the deltas, so `Vary` must
    // be right already.
    fields.variesByDictionary =
      contents.hasDeferredBodies ? listsDelta(of: file) : !deltas.isEmpty
    fields.useAsDictionary = dictionaryField(file, fields.contentType)
    if fields.extra.contains(where: { $0.key == "use-as-dictionary" }) {
      fields.useAsDictionary = []
    }
    // Added codings are smaller than the file, so they come first.
    for coding in added { add(coding, of: file, &fields) }
    for index in loaded.indices {
      let variant = loaded[index].variant
      writeEntityTag(variant, of: file, to: &fields.entityTag)
      fields.byteCount = variant.byteCount
      fields.coding = variant.coding
      contents.representations.append(representation(fields, loaded[index].body))
    }
    let count = contents.representations.count - first
    let deltaCount = add(deltas, of: file, after: first, &fields)
    noteSaved(from: first)
    return FileEntry(
      path: .none,
      firstRepresentation: Int32(first),
      representationCount: Int32(count),
      deltaCount: deltaCount,
      preflight: preflight(fields.extra),
      modified: modified(file)
    )
  }

  /// The index of the response to a CORS preflight for a file with these fields; negative for none.
  mutating func preflight(_ extra: [FieldRule]) -> Int16 {
    guard let origin = heads.allowedOrigin(extra) else { return -1 }
    if let known = preflightNumbers[origin] { return known }
    guard let number = Int16(exactly: contents.preflights.count) else { return -1 }
    contents.preflights.append(heads.preflight(origin, in: &contents.arena))
    contents.allowedOrigins.append(contents.arena.append(origin))
    preflightNumbers[origin] = number
    return number
  }

  /// Records what the codings of a file save; its representations begin at `first`.
  private mutating func noteSaved(from first: Int) {
    let indices = first..<contents.representations.count
    let own = indices.first { contents.representations[$0].coding == .identity }
    guard let own else { return }
    let ownByteCount = contents.representations[own].byteCount
    for index in indices {
      let byteCount = contents.representations[index].byteCount
      contents.representations[index].savedByteCount = max(0, ownByteCount - byteCount)
    }
  }

  mutating func representation(
    _ fields: HeadWriter.Fields,
    _ body: BodySource
  ) -> Representation {
    let head = heads.ok(fields, in: &contents.arena)
    return Representation(
      coding: fields.coding,
      body: body,
      byteCount: fields.byteCount,
      entityTag: head.entityTag,
      contentType: head.contentType,
      okHead: head.ok,
      partialHead: head.partial,
      notModifiedHead: heads.notModified(fields, in: &contents.arena)
    )
  }

  /// The fields that all representations of `file` share; `varies` is set later.
  private mutating func fields(of file: BodyPlan.File) -> HeadWriter.Fields {
    let path = path(of: file)
    let decision = rules.decide(
      names[path],
      isHashed: isHashed(file),
      knownType: knownType(of: file)
    )
    return HeadWriter.Fields(
      contentType: decision.contentType,
      cacheControl: decision.cacheControl,
      varies: false,
      lastModified: fieldValues.lastModified(modified(file)),
      entityTag: [],
      byteCount: 0,
      coding: .identity,
      extra: decision.fields + tags(of: file, decision)
    )
  }

  /// The time for `Last-Modified`, in seconds since 1970: the sources' time if the manifest has it,
  /// so that it is the same on every machine, else that of the file; nil for none.
  private func modified(_ file: BodyPlan.File) -> Int64? {
    let sourceTime = file.manifestIndex == nil ? nil : manifests.collected.sourceTime
    return FileVersion.lastModified(sourceTime ?? file.version.modified, at: now)
  }

  /// The fields that tag the file for shared caches.
  private mutating func tags(
    of file: BodyPlan.File,
    _ decision: FileRules.Decision
  ) -> [FieldRule] {
    guard !cacheTags.isEmpty else { return [] }
    let release = file.manifestIndex.map { manifests.collected.files[$0].release } ?? .none
    return cacheTags.fields(
      release: manifests.collected.text[release.range],
      isHashed: decision.isImmutable,
      besides: decision.fields
    )
  }

  /// Whether a manifest lists the file's name as containing a hash of its content, and the content is
  /// the listed one.
  func isHashed(_ file: BodyPlan.File) -> Bool {
    !records[file.record].isEdited && hasHashedName(records[file.record])
  }

  /// Whether a manifest lists the file's name as containing a hash of its content.
  func hasHashedName(_ record: FileRecord) -> Bool {
    if let number = record.manifestIndex, manifests.collected.files[Int(number)].isImmutable {
      return true
    }
    return manifests.django.isHashed(names.bytes.span, record.path.range)
  }

  /// The content type in `staticd.json`; empty when it has none.
  private mutating func knownType(of file: BodyPlan.File) -> [UInt8] {
    guard let number = file.manifestIndex else { return [] }
    return fieldValues.contentType(
      manifests.collected.text[manifests.collected.files[number].contentType.range]
    )
  }

  /// Replaces `text` with the strong entity tag of `variant`.
  ///
  /// The opaque tag is the first 64 bits of the content's SHA-256 in hexadecimal, or
  /// `<mtime>-<size>` when the digest is not known; a coding other than identity is appended, so
  /// that each representation has its own tag (RFC 9110 §8.8.3.3). The tag of a delta also has the
  /// first digits of its dictionary's digest.
  ///
  /// Empty when neither digest nor modification time is known: two contents of equal size would
  /// have the same tag.
  func writeEntityTag(
    _ variant: BodyPlan.Variant,
    of file: BodyPlan.File,
    dictionary digits: ArraySlice<UInt8> = [],
    to text: inout [UInt8]
  ) {
    text.removeAll(keepingCapacity: true)
    let digest = file.manifestIndex.map { manifests.collected.files[$0].sha256 } ?? .none
    if digest.isEmpty {
      let tag = file.version.entityTag
      guard !tag.isEmpty else { return }
      text += tag.dropLast()
    } else {
      text.append(UInt8(ascii: "\""))
      text += manifests.collected.text[digest.range].prefix(16)
    }
    if variant.coding != .identity {
      text.append(UInt8(ascii: "-"))
      variant.coding.token.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    }
    if !digits.isEmpty {
      text.append(UInt8(ascii: "-"))
      text += digits.prefix(DictionaryCoding.digitCount)
    }
    text.append(UInt8(ascii: "\""))
  }

  func path(of file: BodyPlan.File) -> ByteSlice { records[file.record].path }
}
