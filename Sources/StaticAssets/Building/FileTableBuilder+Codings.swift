/// Codings made by the server for files that have no stored coding.
extension FileTableBuilder {
  /// The codings of `file` in `options`; lists the file as uncoded if it may get some.
  ///
  /// A root with stored codings gets none: whatever produced it has chosen the files to compress.
  mutating func addedCodings(
    of file: BodyPlan.File,
    _ contentType: [UInt8]
  ) -> [AddedCodings.Coding] {
    guard options.listsUncodedFiles, kind == .public || !hasStoredCodings, loaded.count == 1,
      loaded[0].variant.coding == .identity, MediaType.isCompressible(contentType)
    else { return [] }
    let version = UncodedFile.Version(file.version)
    contents.uncodedFiles.append(
      UncodedFile(path: displayPath(path(of: file)), version: version)
    )
    let codings = options.addedCodings[version] ?? []
    let byteCount = codings.reduce(0) { $0 + $1.bytes.count }
    guard bodyByteCount + byteCount <= options.tableBodyMemoryMax else { return [] }
    bodyByteCount += byteCount
    return codings
  }

  /// Adds the representation of `file` in `coding`.
  mutating func add(
    _ coding: AddedCodings.Coding,
    of file: BodyPlan.File,
    _ fields: inout HeadWriter.Fields
  ) {
    let byteCount = Int64(coding.bytes.count)
    let variant = BodyPlan.Variant(
      record: file.record,
      coding: coding.coding,
      byteCount: byteCount
    )
    writeEntityTag(variant, of: file, to: &fields.entityTag)
    fields.byteCount = byteCount
    fields.coding = coding.coding
    let body = BodySource.memory(contents.arena.append(coding.bytes))
    contents.representations.append(representation(fields, body))
  }
}
