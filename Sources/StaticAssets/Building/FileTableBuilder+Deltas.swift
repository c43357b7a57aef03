/// Deltas: codings that need a dictionary.
///
/// A wrong delta breaks the page until the cache entry expires, because browsers do not request it
/// again. So a delta is served only if its bytes are those that the collector wrote, and if it
/// refers to the dictionary that the manifest lists.
extension FileTableBuilder {
  /// A delta that may be served.
  struct LoadedDelta {
    let byteCount: Int64
    /// The SHA-256 of the dictionary: 32 bytes.
    let dictionary: [UInt8]
    /// The same as 64 hexadecimal digits.
    let digits: ArraySlice<UInt8>
    let body: BodySource
  }

  /// The maximum number of deltas of one file.
  private static let deltaCountMax = 255

  /// Records which records are deltas of which files.
  mutating func noteDeltas() {
    deltaRecords = [:]
    for (number, record) in records.enumerated()
    where record.isCoding && record.coding == .dictionaryZstandard {
      deltaRecords[Int(record.original), default: []].append(number)
    }
  }

  /// The deltas of `file`, smallest first; none when bodies are deferred to a later table.
  mutating func loadDeltas(of file: BodyPlan.File) -> [LoadedDelta] {
    guard let manifestIndex = file.manifestIndex, !contents.hasDeferredBodies else { return [] }
    let numbers = deltaRecords[file.record] ?? []
    warnOfMissingDeltas(manifestIndex, numbers)
    var deltas: [LoadedDelta] = []
    for number in numbers.prefix(Self.deltaCountMax) {
      let path = records[number].path
      guard let recorded = manifests.collected.delta(manifestIndex, names.bytes.span, path.range)
      else { continue }
      do throws(FileError) {
        if let delta = try load(number, recorded) {
          deltas.append(delta)
        } else {
          warn("'\(displayPath(path))' is not the delta that staticd.json lists; not served")
        }
      } catch {
        warn("\(error); not served")
      }
    }
    return deltas.sorted { $0.byteCount < $1.byteCount }
  }

  /// Warns of the listed deltas of a file that are not among the records `numbers`.
  private mutating func warnOfMissingDeltas(_ manifestIndex: Int, _ numbers: [Int]) {
    for name in manifests.collected.deltaNames(manifestIndex) {
      let isThere = numbers.contains { names.bytes[records[$0].path.range].elementsEqual(name) }
      if !isThere {
        warn("'\(BytePath(name))' is listed in staticd.json and is not there; not served")
      }
    }
  }

  /// Whether the manifest lists a delta of `file`; not whether it can be served.
  func listsDelta(of file: BodyPlan.File) -> Bool {
    guard let manifestIndex = file.manifestIndex, let numbers = deltaRecords[file.record] else {
      return false
    }
    return numbers.contains { number in
      let path = records[number].path
      return manifests.collected.delta(manifestIndex, names.bytes.span, path.range) != nil
    }
  }

  /// The cost of reading all deltas: one read each, plus one for each 64 KiB.
  var deltaReadCount: Int {
    deltaRecords.values.joined().reduce(0) { sum, number in
      sum + 1 + Int((records[number].version?.byteCount ?? 0) >> 16)
    }
  }

  /// The delta of a record; nil when it is not the one that the manifest lists.
  private mutating func load(
    _ number: Int,
    _ recorded: CollectedManifest.Coding
  ) throws(FileError) -> LoadedDelta? {
    let record = records[number]
    let digits = manifests.collected.text[recorded.dictionary.range]
    guard let dictionary = DictionaryCoding.bytes(ofDigest: digits),
      names[record.path].hasSuffix(DictionaryCoding.suffix(ofDictionary: Array(digits)))
    else { return nil }
    let name = names[record.path]
    let file = try Descriptor.open(name, in: directory, flags: FileFlags.read)
    guard record.version?.byteCount == recorded.byteCount else { return nil }
    let bytes = try file.readAll(path: displayPath(record.path), expected: Int(recorded.byteCount))
    // Checked after reading: a write before or during the read has changed the times by now.
    let version = FileVersion(try file.status(of: name))
    guard record.version?.isSame(as: version) == true, Int64(bytes.count) == recorded.byteCount,
      DictionaryCoding.isHead(bytes, ofDictionary: dictionary),
      MD5Digest.hexadecimal(bytes).elementsEqual(manifests.collected.text[recorded.md5.range])
    else { return nil }
    let body: BodySource
    if bytes.count <= options.bodyInMemoryMax,
      bodyByteCount + bytes.count <= options.tableBodyMemoryMax
    {
      bodyByteCount += bytes.count
      body = .memory(contents.arena.append(bytes))
    } else {
      let variant = BodyPlan.Variant(
        record: number,
        coding: .dictionaryZstandard,
        byteCount: recorded.byteCount
      )
      guard let stored = try addStoredFile(variant) else { return nil }
      body = stored
    }
    return LoadedDelta(
      byteCount: recorded.byteCount,
      dictionary: dictionary,
      digits: digits,
      body: body
    )
  }

  /// Adds the representations of `deltas` behind those of `file`, which begin at `first`; returns
  /// their number.
  mutating func add(
    _ deltas: [LoadedDelta],
    of file: BodyPlan.File,
    after first: Int,
    _ fields: inout HeadWriter.Fields
  ) -> UInt8 {
    let smallest = smallestByteCount(from: first)
    var count: UInt8 = 0
    for delta in deltas where delta.byteCount < smallest {
      let variant = BodyPlan.Variant(
        record: file.record,
        coding: .dictionaryZstandard,
        byteCount: delta.byteCount
      )
      writeEntityTag(variant, of: file, dictionary: delta.digits, to: &fields.entityTag)
      fields.byteCount = delta.byteCount
      fields.coding = .dictionaryZstandard
      var own = representation(fields, delta.body)
      own.dictionary = contents.arena.append(delta.dictionary)
      own.deltaSavedByteCount = UInt32(clamping: smallest - delta.byteCount)
      contents.representations.append(own)
      count += 1
    }
    return count
  }

  /// The size of the smallest representation from index `first` on; 0 without any.
  private func smallestByteCount(from first: Int) -> Int64 {
    var smallest: Int64?
    for index in first..<contents.representations.count {
      let byteCount = contents.representations[index].byteCount
      smallest = min(smallest ?? byteCount, byteCount)
    }
    return smallest ?? 0
  }

  /// The value of `Use-As-Dictionary` for `file`; empty for none.
  ///
  /// Without deltas the field has no use, and browsers store a copy of every dictionary.
  func dictionaryField(_ file: BodyPlan.File, _ contentType: [UInt8]) -> [UInt8] {
    if let number = file.manifestIndex {
      let pattern = manifests.collected.files[number].dictionaryFor
      if !pattern.isEmpty {
        return DictionaryMatch.fieldValue(prefix, pattern: manifests.collected.text[pattern.range])
      }
    }
    guard manifests.collected.deltaReleaseCount > 0, isHashed(file),
      file.version.byteCount > DictionaryMatch.byteCountMin, MediaType.isCompressible(contentType)
    else { return [] }
    let path = prefix + names.bytes[path(of: file).range]
    return DictionaryMatch.fieldValue(path, type: contentType) ?? []
  }
}
