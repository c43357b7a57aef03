#if Hummingbird
  internal import Logging
  internal import StaticAssets

  /// Looks up the names in templates and reports faults.
  struct TemplateReference {
    let assets: LiveTable
    let logger: Logger

    /// The URL for `text`, which may be surrounded by white space.
    func url(for text: String) -> String {
      let name = Self.trimmed(text)
      let table = TemplateTable.of(assets)
      switch table.reference(to: name, isDevelopment: assets.isDevelopment) {
      case .hashed(let url): return url
      case .unhashed(let url):
        tell("'\(name)' has no hash in its name; write \(url), or collect it")
        return url
      case .unknown:
        tell("no file is named '\(name)'")
        return table.urlOfMissing(name)
      }
    }

    /// The `integrity` value for `text`; empty, which browsers ignore, if it is unknown.
    func integrity(for text: String) -> String {
      let name = Self.trimmed(text)
      let table = TemplateTable.of(assets)
      if table.reference(to: name, isDevelopment: assets.isDevelopment) == .unknown {
        tell("no file is named '\(name)'")
      }
      return table.integrity(for: name) ?? ""
    }

    /// Reports a fault: in development the response fails; elsewhere it is logged once for each
    /// table.
    private func tell(_ fault: String) {
      if assets.isDevelopment { TemplateFaults.current?.note(fault) }
      guard assets.isNewFault(fault) else { return }
      logger.log(level: assets.isDevelopment ? .error : .warning, "template: \(fault)")
    }

    private static func trimmed(_ text: String) -> String {
      let start = text.drop(while: \.isWhitespace)
      return String(start.reversed().drop(while: \.isWhitespace).reversed())
    }
  }
#endif
