extension FileTableBuilder {
  /// Adds every file of the root that is not just another file in a coding.
  mutating func addFiles() throws(AssetError) {
    planFiles()
    let failures = readBodies()
    contents.entries.reserveCapacity(plan.files.count)
    contents.representations.reserveCapacity(plan.forms.count)
    for file in plan.files { try add(file, failures) }
  }

  private mutating func add(
    _ file: BodyPlan.File,
    _ failures: [Int: BodyReader.Failure]
  ) throws(AssetError) {
    loaded.removeAll(keepingCapacity: true)
    for number in file.forms {
      let form = plan.forms[number]
      if let body = body(number, failures) {
        loaded.append(LoadedForm(form: form, body: body))
      } else if form.coding == .identity {
        // Without its bytes as they are a file cannot be served; without a coding it can.
        return
      }
    }
    let first = contents.representations.count
    var fields = fields(of: file, varies: loaded.count > 1)
    for index in loaded.indices {
      let form = loaded[index].form
      writeEntityTag(form, of: file, to: &fields.entityTag)
      fields.byteCount = form.byteCount
      fields.coding = form.coding
      contents.representations.append(representation(fields, loaded[index].body))
    }
    let path = contents.arena.append(options.prefix.utf8)
    let name = contents.arena.append(names.bytes[records[file.record].path.range])
    guard contents.arena.byteCount < UInt32.max else { throw .tooLarge(root: root.description) }
    contents.entries.append(
      FileEntry(
        path: ByteSlice(offset: Int(path.offset), count: Int(path.count + name.count)),
        firstRepresentation: Int32(first),
        representationCount: Int32(contents.representations.count - first),
        modified: file.version.toldModified
      )
    )
  }

  private mutating func representation(
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

  /// The fields that all forms of `file` have in common.
  private mutating func fields(of file: BodyPlan.File, varies: Bool) -> HeadWriter.Fields {
    let path = path(of: file).range
    let isImmutable = manifests.django.isHashed(names.bytes.span, path)
    return HeadWriter.Fields(
      contentType: contentType(of: file),
      cacheControl: texts.cacheControl(isImmutable: isImmutable),
      varies: varies,
      lastModified: texts.lastModified(file.version),
      entityTag: [],
      byteCount: 0,
      coding: .identity
    )
  }

  private mutating func contentType(of file: BodyPlan.File) -> [UInt8] {
    if let number = file.collected {
      let known = manifests.collected.files[number].contentType
      if !known.isEmpty { return texts.contentType(manifests.collected.text[known.range]) }
    }
    return texts.contentType(ofFileNamed: names.bytes[path(of: file).range])
  }

  /// Makes `text` `"<64 bits of the content's SHA-256>"`, or `"<time>-<size>"` where the content is
  /// unknown; then the coding, so that each representation has a tag of its own (RFC 9110
  /// §8.8.3.3).
  ///
  /// Empty where the time says nothing either: two contents of one size would share a tag.
  private func writeEntityTag(
    _ form: BodyPlan.Form,
    of file: BodyPlan.File,
    to text: inout [UInt8]
  ) {
    text.removeAll(keepingCapacity: true)
    let digest = file.collected.map { manifests.collected.files[$0].sha256 } ?? .none
    if digest.isEmpty {
      guard let modified = file.version.toldModified else { return }
      text.append(UInt8(ascii: "\""))
      let time = String(modified, radix: 16)
      text += Array("\(time)-\(String(file.version.byteCount, radix: 16))".utf8)
    } else {
      text.append(UInt8(ascii: "\""))
      text += manifests.collected.text[digest.range].prefix(16)
    }
    if form.coding != .identity {
      text.append(UInt8(ascii: "-"))
      form.coding.token.withUTF8Buffer { unsafe text.append(contentsOf: $0) }
    }
    text.append(UInt8(ascii: "\""))
  }

  private func path(of file: BodyPlan.File) -> ByteSlice { records[file.record].path }
}
