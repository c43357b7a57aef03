/// The live directories of a table and the options for their responses.
package final class LiveSite: Sendable {
  /// The directories in the order in which they are searched.
  package let directories: [LiveDirectory]

  private let options: FileTable.Options
  private let rules: FileRules
  private let pages: [ResponseStatus: ErrorPage]

  init(_ options: FileTable.Options, _ pages: [ResponseStatus: ErrorPage]) {
    directories = options.live.bySearchOrder
    self.options = options
    self.pages = pages
    rules = FileRules(options)
  }

  /// The name of the file that is sent for its directory; nil for none.
  package var indexFile: String? { options.indexFile }

  /// A table of one open file, for `planLive`; it owns the descriptor.
  ///
  /// - Parameters:
  ///   - file: the file.
  ///   - name: its path below the directory.
  ///   - status: its status; it must be a regular file.
  ///   - kind: the kind of the live directory.
  ///   - freshness: the freshness of `status`.
  package func table(
    of file: consuming Descriptor,
    _ name: BytePath,
    _ status: FileStatus,
    _ kind: LiveDirectory.Kind,
    _ freshness: LiveFreshness
  ) -> FileTable {
    var builder = builder(kind)
    let version = FileVersion(status)
    let decision = decision(name, kind)
    let fields = HeadWriter.Fields(
      contentType: decision.contentType,
      cacheControl: decision.cacheControl,
      varies: false,
      lastModified: freshness.hasDate ? version.lastModified : [],
      entityTag: version.liveEntityTag(
        once: freshness.isTagFresh ? .random(in: .min ... .max) : nil
      ),
      byteCount: version.byteCount,
      coding: ownCoding(of: name),
      extra: decision.fields
    )
    let modified = freshness.hasDate ? version.lastModifiedSeconds : nil
    // A unique tag identifies this response only, so the version need not be checked again.
    builder.addOnlyFile(
      file,
      fields,
      byteCount: version.byteCount,
      freshness.isTagFresh ? nil : version,
      modified: modified
    )
    return FileTable(builder.finish())
  }

  /// A table that redirects to `location`, a relative reference, for `planLive`.
  package func redirect(to location: [UInt8], _ kind: LiveDirectory.Kind) -> FileTable {
    var builder = builder(kind)
    builder.contents.onlyFile = builder.redirect(to: location)
    return FileTable(builder.finish())
  }

  private func builder(_ kind: LiveDirectory.Kind) -> FileTableBuilder {
    var options = options
    // Uploads must not be readable for other origins: on an intranet they are often private.
    if kind != .root { options.allowsAllOrigins = false }
    return FileTableBuilder(options, rules: rules, pages)
  }

  /// The operator's rules and, for uploads, the fields that make active content harmless; the
  /// operator's fields take precedence.
  func decision(_ name: BytePath, _ kind: LiveDirectory.Kind) -> FileRules.Decision {
    var decision = rules.decide(name, isHashed: false, knownType: [])
    guard case .uploads(let allowsActiveContent) = kind else { return decision }
    var fields = [(name: "X-Content-Type-Options", value: "nosniff")]
    if !allowsActiveContent {
      let content = ActiveContent(decision.contentType)
      fields += content.fields
      if let type = content.replacingType { decision.contentType = type }
    }
    let given = Set(decision.fields.map(\.key))
    for field in fields where !given.contains(field.name.lowercased()) {
      guard let rule = try? FieldRule(glob: "*", name: field.name, value: field.value) else {
        preconditionFailure("the fields of `ActiveContent` are well-formed")
      }
      decision.fields.append(rule)
    }
    return decision
  }

  /// As for mounts: `.svgz` is SVG in gzip.
  private func ownCoding(of name: BytePath) -> ContentCoding {
    name.bytes.suffix(5).lazy.map { $0 | 0x20 }.elementsEqual(".svgz".utf8) ? .gzip : .identity
  }
}

extension FileTableBuilder {
  /// A builder of a table with one file or redirect.
  fileprivate init(
    _ options: FileTable.Options,
    rules: FileRules,
    _ pages: [ResponseStatus: ErrorPage]
  ) {
    self.init(options, pages, 1, rules: rules, arena: ByteArenaBuilder(capacity: 4096))
  }
}
