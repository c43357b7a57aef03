/// Deciding which files are served, in which codings, and where their bodies are kept.
extension FileTableBuilder {
  /// Plans every file of the mount except stored codings of other files.
  mutating func planFiles() {
    plan = BodyPlan(
      start: contents.arena.byteCount,
      bodyByteCount: bodyByteCount,
      options
    )
    let codings = codings()
    noteDeltas()
    var index = ContentIndex(count: records.count)
    var variants: [BodyPlan.Variant] = []
    plan.reserveCapacity(records.count)
    for number in records.indices {
      let record = records[number]
      guard !record.isCoding else { continue }
      if !hiddenNames.isEmpty, hiddenNames.contains(names[record.path]) { continue }
      guard let version = record.version else {
        warn("\(error("read", record.path, record.errorNumber)); not served")
        continue
      }
      guard isText(record.path) else {
        warn("the name '\(displayPath(record.path))' is not UTF-8; not served")
        continue
      }
      if record.isEdited, hasHashedName(record) {
        warn(
          "'\(displayPath(record.path))' has another content than staticd.json lists; "
            + "served as if its name had no hash; run 'staticd collect'"
        )
      }
      let file = BodyPlan.File(
        record: number,
        version: version,
        manifestIndex: manifestIndex(of: record),
        variants: 0..<0
      )
      collectVariants(of: file, codings[number], &variants)
      // With more bodies than may be read none is read, so none is shared.
      let duplicate =
        plan.reads.count > bodyReadsMax ? nil : duplicate(of: file, plan.files.count, &index)
      plan.add(file, variants, duplicate: duplicate)
    }
  }

  /// For each record, the indices of its stored codings by `ContentCoding.lane`; -1 means that there
  /// is no such file.
  private func codings() -> [SIMD4<Int32>] {
    var codings = [SIMD4<Int32>](repeating: SIMD4(repeating: -1), count: records.count)
    for number in records.indices where records[number].isCoding {
      let record = records[number]
      guard let lane = record.coding.lane else { continue }
      codings[Int(record.original)][lane] = Int32(number)
    }
    return codings
  }

  /// The index in `staticd.json` of a file that still has the recorded content.
  private func manifestIndex(of record: FileRecord) -> Int? {
    guard !record.isEdited, let number = record.manifestIndex.map({ Int($0) }),
      manifests.collected.files[number].byteCount == record.version?.byteCount
    else { return nil }
    return number
  }

  /// Replaces `variants` with the representations of `file`, smallest first.
  private mutating func collectVariants(
    of file: BodyPlan.File,
    _ codings: SIMD4<Int32>,
    _ variants: inout [BodyPlan.Variant]
  ) {
    variants.removeAll(keepingCapacity: true)
    let byteCount = file.version.byteCount
    let own = ownCoding(of: records[file.record].path)
    variants.append(BodyPlan.Variant(record: file.record, coding: own, byteCount: byteCount))
    // A stored coding of a compressed file would have to be decoded twice.
    guard own == .identity else { return }
    for coding in [ContentCoding.brotli, .zstandard, .gzip] {
      let number = coding.lane.map { Int(codings[$0]) } ?? -1
      guard number >= 0, let size = self.byteCount(of: records[number], codingOf: file) else {
        continue
      }
      // A coding that is not smaller is left out.
      guard size > 0, size < byteCount else { continue }
      guard coding != .zstandard || isDecodable(records[number].path) else { continue }
      variants.append(BodyPlan.Variant(record: number, coding: coding, byteCount: size))
    }
    if variants.count > 1 { variants.sort { $0.byteCount < $1.byteCount } }
  }

  /// The content coding that the file's extension implies: `.svgz` is SVG in gzip.
  ///
  /// There is no identity representation, so every client gets `Content-Encoding: gzip`, as with
  /// Apache's `AddEncoding`. RFC 9110 §12.5.3 allows a coding that the client did not list.
  private func ownCoding(of path: ByteSlice) -> ContentCoding {
    let suffix = names.bytes[path.range].suffix(5)
    return suffix.lazy.map { $0 | 0x20 }.elementsEqual(".svgz".utf8) ? .gzip : .identity
  }

  /// Whether every client that accepts zstd can decode the file `name`; adds a warning if not.
  private mutating func isDecodable(_ name: ByteSlice) -> Bool {
    let path = displayPath(name)
    do throws(FileError) {
      let file = try Descriptor.open(names[name], in: directory, flags: FileFlags.read)
      if ZstandardFrame.isUsableAsContentCoding(
        try file.readStart(ZstandardFrame.headByteCountMax, path: path)
      ) {
        return true
      }
      warn("'\(path)' is not zstd with a window of at most 8 MiB; not served")
    } catch {
      warn("\(error); not served")
    }
    return false
  }

  /// The size of a stored coding of `file`; nil when it was made from an older content.
  private func byteCount(of record: FileRecord, codingOf file: BodyPlan.File) -> Int64? {
    let recordedSize = file.manifestIndex.flatMap {
      manifests.collected.byteCount(
        of: manifests.collected.files[$0],
        coding: names.bytes.span,
        record.path.range
      )
    }
    // The collector writes no zstd: a `.zst` from another program is valid if it is not older.
    if file.manifestIndex != nil, record.coding != .zstandard || recordedSize != nil {
      // If the scan did not call stat(2), reading the file will show whether it has the recorded
      // size.
      guard let version = record.version else { return recordedSize }
      return recordedSize == version.byteCount ? recordedSize : nil
    }
    guard let version = record.version, version.modified >= file.version.modified else {
      return nil
    }
    // A coding of the content before an edit may be of the same second.
    guard !records[file.record].isEdited || version.modifiedTotal >= file.version.modifiedTotal
    else { return nil }
    return version.byteCount
  }

  /// The index of the first planned file with the content of `file`, which will have index
  /// `number`; nil when `file` is the first, or its digest is not known.
  private func duplicate(
    of file: BodyPlan.File,
    _ number: Int,
    _ index: inout ContentIndex
  ) -> Int? {
    guard let own = file.manifestIndex else { return nil }
    let digest = manifests.collected.files[own].sha256
    guard !digest.isEmpty else { return nil }
    let text = manifests.collected.text
    let hash = PathHash.of(text.span, digest.range)
    return index.findOrAdd(number, hash: hash) { other in
      guard let known = plan.files[other].manifestIndex else { return false }
      let otherDigest = manifests.collected.files[known].sha256
      return plan.files[other].version.byteCount == file.version.byteCount
        && text.equals(otherDigest, text.span, digest.range)
    }
  }

  private func isText(_ path: ByteSlice) -> Bool {
    let bytes = names.bytes[path.range]
    return bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
  }

  func error(_ operation: String, _ path: ByteSlice, _ code: Int32) -> FileError {
    FileError(operation: operation, path: displayPath(path).description, code: code)
  }

  func displayPath(_ path: ByteSlice) -> BytePath { root.appending(names[path]) }
}

extension ContentCoding {
  /// The lane of the coding in `FileTableBuilder.codings`; nil for deltas, of which a file may have
  /// many (see `noteDeltas`).
  fileprivate var lane: Int? {
    switch self {
    case .gzip: 0
    case .brotli: 1
    case .zstandard: 2
    case .identity, .dictionaryZstandard: nil
    }
  }
}
