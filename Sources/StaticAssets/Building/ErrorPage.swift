/// The body and the media type of an error response that the operator provides.
struct ErrorPage {
  /// The value of `Content-Type`.
  let contentType: [UInt8]
  let body: [UInt8]

  /// Reads the pages in `options.errorPages`.
  ///
  /// - Throws: `AssetError` when a page cannot be read or is too large.
  static func load(
    _ options: FileTable.Options
  ) throws(AssetError) -> [ResponseStatus: ErrorPage] {
    let mediaTypes = MediaTypeTable(options.mediaTypes)
    var pages: [ResponseStatus: ErrorPage] = [:]
    for (status, name) in options.errorPages {
      precondition(
        FileTable.Options.pageStatuses.contains(status),
        "error pages are possible for the statuses in `Options.pageStatuses` only"
      )
      let path = BytePath(name)
      pages[status] = ErrorPage(
        contentType: mediaTypes.contentType(of: path, known: []),
        body: try read(path)
      )
    }
    return pages
  }

  private static func read(_ path: BytePath) throws(AssetError) -> [UInt8] {
    let byteCountMax = FileTable.Options.errorPageByteCountMax
    let body: [UInt8]
    do throws(FileError) {
      let file = try Descriptor.open(path, flags: FileFlags.read)
      body = try file.readStart(byteCountMax + 1, path: path)
    } catch {
      throw .unreadable(error)
    }
    guard body.count <= byteCountMax else { throw .largePage(path: path.description) }
    return body
  }
}
