/// Codings that were made since a file was found without any.
extension FileTableBuilder {
  /// The codings of `file` in `options`; lists it, if it may have some.
  ///
  /// Where a root has stored codings, whoever made it has decided which files get some.
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
