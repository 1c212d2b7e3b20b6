# Node.js.
node -e 'console.log(process.memoryUsage().rss, process.report.getReport().header.event)'
