/// The data of the pages of the admin listener.
package struct AdminStatus: Sendable {
  /// The release that is served.
  package struct Release: Sendable {
    /// Its label, or a substitute for it.
    package var name: String
    /// The time of publication, in seconds since 1970.
    package var published: Double
    package var fileCount: Int

    package init(name: String, published: Double, fileCount: Int) {
      self.name = name
      self.published = published
      self.fileCount = fileCount
    }
  }

  package var version: String
  package var readiness: Readiness
  package var metrics: ServerMetrics
  package var process: ProcessMetrics
  package var release: Release?
  /// The addresses that are served.
  package var addresses: [String]
  /// The current time in seconds since 1970.
  package var time: Double

  package init(
    version: String,
    readiness: Readiness,
    metrics: ServerMetrics,
    process: ProcessMetrics,
    release: Release?,
    addresses: [String],
    time: Double
  ) {
    self.version = version
    self.readiness = readiness
    self.metrics = metrics
    self.process = process
    self.release = release
    self.addresses = addresses
    self.time = time
  }
}
