// PlumblineTool
