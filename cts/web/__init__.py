"""Routes, gate and headers around Streamlit."""
